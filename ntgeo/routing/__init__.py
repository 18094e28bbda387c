"""Decides who visits whom, and explains what cannot be made."""
