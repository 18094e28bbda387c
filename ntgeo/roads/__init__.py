"""OSM road networks as arrays: travel times, distances and paths."""
