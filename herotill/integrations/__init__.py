"""The world outside, one package for each kind of partner: its port, its adapters, and servers that stand in."""
