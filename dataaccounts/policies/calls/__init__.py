"""Call records: how numbers, moments and rows of each format are read. Pure."""
