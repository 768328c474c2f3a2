"""Identity, registration and VAT numbers: none is refused for its form, people are warned.

python-stdnum's own check of an ID is not used: it needs today's date and knows no refugees.
"""

from __future__ import annotations

import re
from datetime import date

from stdnum import luhn

_ID = re.compile("[0-9]{10}[0-2][0-9]{2}")
_PASSPORT = re.compile("[A-Za-z]{1,2}[0-9]{6,8}")
_REGISTRATION = re.compile("(?:19|20)[0-9]{2}/[0-9]{6}/[0-9]{2}")
_VAT = re.compile("4[0-9]{9}")


def is_identity_number(number: str) -> bool:
    """A South African ID: 13 digits, a date of birth, citizen, resident or refugee, and a check digit."""
    return _ID.fullmatch(number) is not None and _is_birthday(number[:6]) and luhn.is_valid(number)


def is_passport_number(number: str) -> bool:
    """One or two letters and six to eight digits."""
    return _PASSPORT.fullmatch(number) is not None


def is_registration_number(number: str) -> bool:
    """A company registration: 2018/123456/07, the year beginning with 19 or 20."""
    return _REGISTRATION.fullmatch(number) is not None


def is_vat_number(number: str) -> bool:
    """Ten digits beginning with 4, with a Luhn check digit."""
    return _VAT.fullmatch(number) is not None and luhn.is_valid(number)


def _is_birthday(yymmdd: str) -> bool:
    """Whether YYMMDD is a date in the twentieth or the twenty-first century."""
    month, day = int(yymmdd[2:4]), int(yymmdd[4:6])
    return any(_is_date(century + int(yymmdd[:2]), month, day) for century in (1900, 2000))


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
