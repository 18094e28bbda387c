"""From the ways of a file to links, junctions and turns."""
