"""The p-median engine: a plan by search, a bound by multipliers, and the gap between closed."""
