"""Files and official data sets, read into checked tables."""
