"""What somebody typed, read as a question to the search documents.

Words end where `house_search_words` ends them. Every word may be the beginning of one, except those that
were typed to their end (followed by @, a dot or the like); a row of digits may be the beginning or the
ending of a number. Nothing that is typed has a meaning to PostgreSQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from herotill.folding import fold

MOST_LETTERS, MOST_WORDS = 100, 8
_APOSTROPHES = str.maketrans("", "", "'’")
_WORD = re.compile("([^\x01-/:-@\\[-`{-\xbf\u2000-\u206f]+)([\x01-/:-@\\[-`{-\xbf\u2000-\u206f]*)")
_SHORT_NUMBER = 3
_BRIEF = 2  # letters; each of several such words alone begins a tenth of all names
_COUNTRY = "27"

# So common in addresses and names that the index is no help: looked at in what the other words find.
_COMMON = frozenset(
    "com co za net org www gmail yahoo hotmail outlook icloud live mweb telkomsa vodamail webmail"
    " pty ltd van der den de du le la von".split()
)


@dataclass(frozen=True, slots=True)
class Query:
    """`exact` is a whole code, `starts` the beginning of a name, `words` the folded words, for marking.

    `keys` and `checks` are tsqueries or empty: `keys` is looked up in the index, `checks` in what it finds.
    `beginning` is the word that `keys` consists of, if it is one that may be common.
    """

    exact: str
    starts: str
    words: tuple[str, ...]
    keys: str
    checks: str
    beginning: str

    def __bool__(self) -> bool:
        return bool(self.exact)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    ended: bool
    """Typed to its end: another word follows without a space."""

    @property
    def lexeme(self) -> str:
        return _whole(self.text) if self.ended else _begun(self.text)

    @property
    def is_number(self) -> bool:
        return self.text.isascii() and self.text.isdigit()

    @property
    def is_common(self) -> bool:
        if self.text in _COMMON or (len(self.text) == 1 and not self.ended):
            return True
        return len(self.text) >= 4 and any(word.startswith(self.text) for word in _COMMON)


def _whole(word: str) -> str:
    """A lexeme of a tsquery. Words hold no apostrophe and no backslash, so nothing is to be escaped."""
    return f"'{word}'"


def _begun(word: str) -> str:
    return f"'{word}':*"


def parse(text: str) -> Query:
    """Any text at all; what holds no letter or digit asks for nothing."""
    folded = fold(text[:MOST_LETTERS].replace("\x00", " ").encode(errors="ignore").decode())
    words = list(_words(folded.translate(_APOSTROPHES)))
    if not words:
        return Query("", "", (), "", "", "")
    keys, checks = _sorted_out(words)
    return Query(
        exact="".join(folded.split()),
        starts=" ".join(folded.split()),
        words=tuple(word.text for word in words),
        keys=" & ".join(keys),
        checks=" & ".join(checks),
        beginning=next((word.text for word in words if keys == [_begun(word.text)]), ""),
    )


def _words(folded: str) -> Iterator[_Word]:
    for match in list(_WORD.finditer(folded))[:MOST_WORDS]:
        text, after = match.groups()
        yield _Word(text[:64], bool(after) and not after[0].isspace())


def _sorted_out(words: list[_Word]) -> tuple[list[str], list[str]]:
    """What the index is asked, and what is only looked at in what it finds."""
    keys: list[str] = []
    checks: list[str] = []
    for are_digits, group in groupby(words, key=lambda word: word.is_number):
        members = list(group)
        if are_digits and sum(len(word.text) for word in members) >= _SHORT_NUMBER:
            keys.append(_number(members))
            continue
        for word in members:
            (checks if word.is_common else keys).append(word.lexeme)
    if not keys and (usable := [word.lexeme for word in words if len(word.text) > 1]):
        keys.append(usable[0])
        checks.remove(usable[0])
    elif all(len(word.text) <= _BRIEF for word in words):
        keys, checks = keys[:1], keys[1:] + checks
    return keys, checks


def _number(members: list[_Word]) -> str:
    """Digits as the beginning or the ending of a number, however they were spaced and with or without +27."""
    digits = "".join(word.text for word in members)
    abroad = digits.removeprefix("00")
    # Three digits begin too many numbers to be of use; they may be a number of their own.
    ways = [_whole(digits) if len(digits) == _SHORT_NUMBER else _begun(digits), _begun(f"<{digits[::-1]}")]
    if abroad.startswith(_COUNTRY) and len(abroad) > len(_COUNTRY) + 2:
        ways.append(_begun("0" + abroad[2:].lstrip("0")))
    elif abroad != digits and abroad:
        ways.append(_begun(abroad))
    if len(members) > 1:
        ways.append(f"({' & '.join(_whole(word.text) for word in members)})")
    return f"({' | '.join(ways)})"
