"""Compiled search for days whose rounds do not depend on one another."""
