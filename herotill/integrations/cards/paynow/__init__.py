"""Netcash Pay Now: notices without a signature. What they say is reported until a statement or a person confirms it."""
