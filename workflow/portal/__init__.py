"""The customers' side of the workflow: their details, what they ask to be changed, and quotes."""
