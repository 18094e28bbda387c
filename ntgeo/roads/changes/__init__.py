"""Roads closed, slowed, turned, built, or driven at another time of day."""
