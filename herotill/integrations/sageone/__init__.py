"""SageOne Accounting for South Africa behind the port of the books: its words stand in this folder alone."""

VERSIONS = ("2.0.0", "1.1.2")
PAGE = 100  # so many rows at most come with one call
