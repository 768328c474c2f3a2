"""What counts as a name, and when two names are the same."""

from __future__ import annotations

from herotill.folding import fold

TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "prof", "adv", "rev"))
LONGEST_NAME = 200


def is_title(word: str) -> bool:
    """Whether `word` is a title, in any case, with or without one full stop."""
    return word.removesuffix(".").casefold() in TITLES


def has_letter(text: str) -> bool:
    """Whether `text` holds a letter of any alphabet."""
    return any(letter.isalpha() for letter in text)


def without_titles(text: str) -> str:
    """`text` without its leading words that are titles or hold no letter ("Mr & Mrs Nel": "Nel")."""
    words = text.split()
    while words and (is_title(words[0]) or not has_letter(words[0])):
        words.pop(0)
    return " ".join(words)


def full_name(names: str, surname: str) -> str:
    """ "names surname", or the one of them that there is."""
    return f"{names} {surname}".strip()


def match_key(name: str) -> str:
    """What two spellings of the same name share: letters and digits without case and accents."""
    return "".join(letter for letter in fold(name.casefold()) if letter.isalnum())
