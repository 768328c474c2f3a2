"""RADIUS: our own packets to FreeRADIUS and to routers, over pyrad; `DICTIONARY` names the attributes."""

from functools import cache
from pathlib import Path

from pyrad.dictionary import Dictionary

DICTIONARY = Path(__file__).with_name("dictionary")


@cache
def dictionary() -> Dictionary:
    """The attributes we speak, read once."""
    return Dictionary(str(DICTIONARY))
