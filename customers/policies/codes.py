"""The customer code: three letters of the name and a number from 001."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from customers.policies.names import without_titles
from herotill.folding import fold

CODE = re.compile("[A-Z0-9]{3,12}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")


def is_code(text: str) -> bool:
    """Whether `text` may be a customer code: 3 to 12 characters A-Z and 0-9."""
    return CODE.fullmatch(text) is not None


def letters_of(text: str) -> str:
    """The letters A-Z of `text` in upper case, accents folded, everything else dropped."""
    return "".join(letter for letter in fold(text) if "a" <= letter <= "z").upper()


def company_letters(company_name: str) -> str:
    """The letters of a company's code: the first three of its name, titles skipped, padded with X."""
    return _three(letters_of(without_titles(company_name)))


def individual_letters(names: str, surname: str) -> str:
    """The letters of a person's code: of the first name, or initial and surname (G Joubert: GJO)."""
    names, surname = without_titles(names), letters_of(without_titles(surname))
    if not names:
        return _three(surname)
    first = names.split()[0]
    letters = letters_of(first)
    return _three(letters[:1] + surname[:2] if _is_initial(first) else letters)


def lowest_free(letters: str, taken: Container[str], start: int = 1) -> int:
    """The lowest number from `start` whose code with `letters` is not in `taken`."""
    number = start
    while numbered(letters, number) in taken:
        number += 1
    return number


def numbered(letters: str, number: int) -> str:
    """The code of `letters` and `number`: WON and 1 make WON001."""
    return f"{letters}{number:03d}"


def _three(letters: str) -> str:
    return letters[:3].ljust(3, "X")


def _is_initial(word: str) -> bool:
    word = unicodedata.normalize("NFC", word)
    return sum(letter.isalpha() for letter in word) == 1 or _INITIALS.fullmatch(word) is not None
