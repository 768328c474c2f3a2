"""How records of another back office become customers: what they mean and what is done with each.

`engine` decides over a whole file; every rule stands in a module of its own and can be read alone.
"""
