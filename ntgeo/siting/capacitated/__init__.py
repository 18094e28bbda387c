"""The capacitated engine: a plan by search, a bound by knapsacks, and the gap between closed."""
