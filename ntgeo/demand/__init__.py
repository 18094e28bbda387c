"""Service use and need, by area, age and deprivation."""
