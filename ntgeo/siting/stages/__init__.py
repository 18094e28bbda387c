"""A question taken aim by aim, and the plan told from the answer."""
