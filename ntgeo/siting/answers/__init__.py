"""What a planner asks of a plan once it is there."""
