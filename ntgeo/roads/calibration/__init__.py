"""Speeds fitted to observed journeys."""
