"""Compiled ruin and recreate for days with any of the rules."""
