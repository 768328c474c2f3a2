"""The customers' own pages about their services."""
