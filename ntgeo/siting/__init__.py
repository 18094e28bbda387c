"""Decides which sites should be open, and proves it."""
