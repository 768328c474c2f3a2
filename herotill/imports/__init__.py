"""The frame of every import: a file, a mapping of its columns, a dry run, one transaction, the way back.

Apps register an `ImportKind` (see `kinds`) and say what a record means and what is done with it; the rest,
from the upload to the report, is here.
"""
