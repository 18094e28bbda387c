"""Rounds by PyVRP (Wouda, Lan and Kool 2024), on days whose every rule its model knows."""
