"""What stands on all our paper: who we are, where to pay, our colour and logo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from herotill.pdf import fonts, logos
from herotill.pdf.paper import BLACK, GREY, HAIR, HEIGHT, INK, LEFT, RIGHT, Paper, sketch

ACCENT = "#1f5f8b"
LOGO_ROOM = (190, 50)
TOP = HEIGHT - 40
DOT = "  ·  "


@dataclass(frozen=True, slots=True)
class Bank:
    """The account that customers pay into."""

    bank: str
    holder: str
    number: str
    branch_code: str

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> Bank:
        return cls(*(str(details.get(key) or "") for key in ("bank", "holder", "number", "branch_code")))


@dataclass(frozen=True)
class Letterhead:
    """One immutable version. `vendor` says whether we charge VAT; `small_print` stands at the end."""

    name: str
    address: tuple[str, ...] = ()
    vendor: bool = True
    vat_number: str = ""
    registration_number: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    accent: str = ACCENT
    small_print: str = ""
    bank: Bank | None = None
    logo: bytes | None = field(default=None, repr=False)

    @classmethod
    def of(cls, details: Mapping[str, Any], *, day: date, logo: bytes | None = None) -> Letterhead:
        """From details as they are stored with documents; `logo` is a picture.

        Whether we are a vendor, and our VAT number, are those of `day`: `vat` holds them as
        [first day, vendor, number].
        """
        vendor, vat_number = _vat(details.get("vat") or (), day)
        texts = ("registration_number", "phone", "email", "small_print")
        bank = details.get("bank")
        return cls(
            **{key: str(details.get(key) or "") for key in texts},
            website=_shown(str(details.get("website") or "")),
            name=_called(str(details.get("name") or ""), str(details.get("trading_name") or "")),
            address=address_lines(details.get("address") or ""),
            vendor=vendor,
            vat_number=vat_number,
            accent=str(details.get("accent") or ACCENT),
            bank=Bank.of(bank) if bank else None,
            logo=bytes(logo) if logo else None,
        )

    def draw(self, paper: Paper) -> None:
        """Draw the head of a first page."""
        if self.logo:
            logo = logos.read(self.logo)
            width, height = logo.fitted(*LOGO_ROOM)
            paper.picture(logo, LEFT, TOP - height, width, height)
        drawn = _drawn(self)
        if drawn is None:
            _head(paper, self)
        else:
            paper.replay(drawn)

    @property
    def below(self) -> float:
        """The height below what `draw` draws."""
        lines = len(self.address) + len(_reach(self)) + len(_name_lines(self)) * 1.3
        return TOP - (LOGO_ROOM[1] + 14 if self.logo else 14) - 10 * lines

    def foot(self, paper: Paper, number: int, of: int) -> None:
        """Draw the foot of any page."""
        drawn = _foot_drawn(self)
        if drawn is None:
            _foot(paper, self)
        else:
            paper.replay(drawn)
        paper.right(RIGHT, 30, f"Page {number} of {of}", 7.5, colour=GREY)


def _shown(website: str) -> str:
    """An address of the web as people write it."""
    return website.removeprefix("https://").removeprefix("http://").rstrip("/")


def _vat(statuses: Iterable[Sequence[Any]], day: date) -> tuple[bool, str]:
    """The status that began last by `day`."""
    begun = [status for status in statuses if str(status[0]) <= day.isoformat()]
    last = max(begun, key=lambda status: str(status[0]), default=("", False, ""))
    return bool(last[1]), str(last[2])


def _called(name: str, trading: str) -> str:
    """The registered name, which the law wants, with the one that customers know."""
    return f"{name} t/a {trading}" if name and trading and trading != name else name or trading


def address_lines(address: str | Sequence[str]) -> tuple[str, ...]:
    """The lines of an address that hold anything."""
    lines = address.splitlines() if isinstance(address, str) else address
    return tuple(line.strip() for line in lines if line.strip())


@lru_cache(maxsize=64)
def _drawn(letterhead: Letterhead) -> tuple[str, ...] | None:
    return sketch(lambda paper: _head(paper, letterhead))


@lru_cache(maxsize=64)
def _foot_drawn(letterhead: Letterhead) -> tuple[str, ...] | None:
    return sketch(lambda paper: _foot(paper, letterhead))


def _head(paper: Paper, letterhead: Letterhead) -> None:
    paper.box(0, HEIGHT - 6, 595, 6, letterhead.accent)
    y = TOP - (LOGO_ROOM[1] + 14 if letterhead.logo else 14)
    for line in _name_lines(letterhead):
        paper.text(LEFT, y, line, 11, bold=True, colour=BLACK)
        y -= 13
    for line in [*letterhead.address, *_reach(letterhead)]:
        paper.text(LEFT, y, fonts.shortened(fonts.plain(line), 280, 8), 8, colour=INK)
        y -= 10


def _name_lines(letterhead: Letterhead) -> list[str]:
    return fonts.wrapped(letterhead.name, 270, 11, bold=True, at_most=2)


def _reach(letterhead: Letterhead) -> list[str]:
    """By which numbers the state knows us, and how to reach us."""
    numbers = [f"VAT number {letterhead.vat_number}"] if letterhead.vendor and letterhead.vat_number else []
    numbers += [f"Reg. no. {letterhead.registration_number}"] if letterhead.registration_number else []
    reach = [part for part in (letterhead.phone, letterhead.email) if part]
    return [line for line in (DOT.join(numbers), DOT.join(reach)) if line]


def _foot(paper: Paper, letterhead: Letterhead) -> None:
    paper.rule(LEFT, 42, RIGHT, colour=HAIR)
    words = DOT.join(part for part in (letterhead.name, letterhead.website) if part)
    paper.text(LEFT, 30, fonts.shortened(words, 440, 7.5), 7.5, colour=GREY)
