"""Road files of every kind, read and written."""
