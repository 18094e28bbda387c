"""The best choice among all routes that the engines met: set partitioning."""
