"""South African telephone numbers as people write them, kept as E.164."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers

_EXTENSION = re.compile(r"(?:ext|x).*", re.IGNORECASE | re.DOTALL)
_DECORATION = str.maketrans("", "", " .-()'\u2019")
_NATIONAL = re.compile(r"0[0-9]{9}")
_LOST_ZERO = re.compile(r"[1-9][0-9]{8}")
_INTERNATIONAL = re.compile(r"(?:\+|00)?270?([0-9]{9})")
_FOREIGN = re.compile(r"(?:\+|00)((?!0|27)[0-9]{8,15})")
_DOUBTFUL = ("0", "9", "89")


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number in E.164, and what was odd about it."""

    e164: str
    zero_added: bool = False
    foreign: bool = False

    @property
    def doubtful(self) -> bool:
        """A South African number that no network has given out, 000 000 0000 among them."""
        return not self.foreign and self.e164[3:].startswith(_DOUBTFUL)


def read_number(text: str) -> Number | None:
    """The number that `text` means, its extension dropped; None if it cannot be one."""
    digits = _EXTENSION.sub("", text).translate(_DECORATION)
    if _NATIONAL.fullmatch(digits):
        return Number(f"+27{digits[1:]}")
    if _LOST_ZERO.fullmatch(digits):
        return Number(f"+27{digits}", zero_added=True)
    if found := _INTERNATIONAL.fullmatch(digits):
        return Number(f"+27{found[1]}")
    if found := _FOREIGN.fullmatch(digits):
        return Number(f"+{found[1]}", foreign=True)
    return None


def is_in_use(e164: str) -> bool:
    """Whether the numbering plan of its country knows `e164`; a form warns where it does not."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return False


def national(e164: str) -> str:
    """`e164` as people here read it: 082 123 4567; a foreign one with its country."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    home = number.country_code == 27
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
