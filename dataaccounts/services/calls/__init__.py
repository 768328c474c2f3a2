"""Call records taken in, rated, taken back, and settled later where a line or a rate was missing.

A file is one transaction: all of it is there or nothing. A source's files are taken in one after another, and a
row that was met before, in whichever file, is a duplicate; so the same file may be taken in again at any time.
"""

from .bundles import give_from
from .given_back import give_back_after, hold_sources
from .linking import link
from .rated_again import rate_line, settle
from .taking_in import Outcome, import_file, take_back

__all__ = [
    "Outcome",
    "give_back_after",
    "give_from",
    "hold_sources",
    "import_file",
    "link",
    "rate_line",
    "settle",
    "take_back",
]
