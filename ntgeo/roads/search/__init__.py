"""From places on a network to the fastest ways: snapping, hierarchies, sweeps."""
