"""Rows of packages, data accounts and old user names as files have them. Pure: texts in, a record or a refusal out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from ipaddress import ip_address

from dataaccounts.policies import usernames
from dataaccounts.policies.measures import GB
from herotill.imports.amounts import read_amount
from herotill.imports.dates import read_date
from herotill.imports.refusing import Refused, Texts, word

MOST_KBIT = 100_000_000
_NUMBER = r"(?P<number>[0-9][0-9 ]*(?:[.,][0-9]+)?)"
_SPEED = re.compile(rf"{_NUMBER} ?(?P<unit>|[kmg])(?:i?b(?:it)?(?:/s|ps)?)?(?:/s|ps)?", re.IGNORECASE)
_SIZE = re.compile(rf"{_NUMBER} ?(?P<unit>|[kmgt]i?)(?:b|bytes?)?", re.IGNORECASE)
_KBIT = {"": Decimal(1), "k": Decimal(1), "m": Decimal(1000), "g": Decimal(1_000_000)}
_POWERS = {"k": 1, "m": 2, "g": 3, "t": 4}
UNLIMITED = ("unlimited", "uncapped", "0")
LEAST_KBIT = 64
# A bare number of this many octets or more is taken for octets, as FreeRADIUS's own tables have them; else for GB.
BARE_OCTETS = 1_000_000
YES, NO = ("yes", "y", "true", "1", "x", "prepaid"), ("no", "n", "false", "0", "", "monthly", "postpaid")
STATES = {
    "": "waiting",
    "waiting": "waiting",
    "not active yet": "waiting",
    "active": "active",
    "enabled": "active",
    "suspended": "suspended",
    "disabled": "suspended",
}
CAPPED = {
    "reduce": "reduce",
    "block": "block",
    "go on": "go_on",
    "go_on": "go_on",
    "": "",
}


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One package. Speeds in kbit/s, the allowance in octets; None for uncapped and for no burst."""

    name: str
    product: str
    staff: bool
    down: int
    up: int
    burst_down: int | None
    burst_up: int | None
    allowance: int | None
    when_capped: str
    once_capped: str
    pool: str
    sessions: int
    mac_lock: bool


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One data account. `starts_on` None: from the day that counts for all; places as the file names them."""

    username: str
    package: str
    code: str
    password: str
    price: Decimal | None
    address: str
    highsite: str
    sector: str
    prepaid: bool
    expires_on: date | None
    static_ip: str | None
    state: str
    text: str
    starts_on: date | None
    bill_from: date | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A user name that another RADIUS reports, and whose it is; `account` where the customer has several."""

    code: str
    username: str
    account: str


def read_package(texts: Texts) -> PackageRow:
    """A row of packages. Raises Refused."""
    allowance, once = read_size(texts.get("allowance", "")), texts.get("once_capped", "")
    when = CAPPED.get(texts.get("when_capped", "").casefold())
    if when is None:
        raise Refused("bad_when_capped")
    when = when or ("reduce" if once or not allowance else "")
    if allowance and (not when or (when == "reduce" and not once)):
        raise Refused("no_once_capped")
    pool, sessions = texts.get("pool", ""), texts.get("sessions", "") or "1"
    if not re.fullmatch(r"[A-Za-z0-9._-]{0,60}", pool):
        raise Refused("bad_pool")
    if not sessions.isdecimal() or not 1 <= int(sessions) <= 100:
        raise Refused("bad_sessions")
    return PackageRow(
        name=word(texts, "name", "no_name", longest=100),
        product=texts.get("product", "").upper(),
        staff=_yes(texts, "staff"),
        down=_speed(texts, "down", "no_speed") or 0,
        up=_speed(texts, "up", "no_speed") or 0,
        burst_down=_speed(texts, "burst_down"),
        burst_up=_speed(texts, "burst_up"),
        allowance=allowance,
        when_capped=when or "reduce",
        once_capped=once,
        pool=pool,
        sessions=int(sessions),
        mac_lock=_yes(texts, "mac_lock"),
    )


def read_account(texts: Texts) -> AccountRow:
    """A row of data accounts. Raises Refused."""
    prepaid, expires_on = _yes(texts, "prepaid"), _day(texts, "expires")
    if expires_on and not prepaid:
        raise Refused("expires_but_monthly")
    state = STATES.get(texts.get("state", "").casefold())
    if state is None:
        raise Refused("unknown_state")
    return AccountRow(
        username=_username(texts),
        package=word(texts, "package", "no_package", longest=100),
        code=word(texts, "code", "no_code", longest=12).upper(),
        password=_password(texts.get("password", "")),
        price=_price(texts.get("price", "")),
        address=texts.get("address", ""),
        highsite=texts.get("highsite", ""),
        sector=texts.get("sector", ""),
        prepaid=prepaid,
        expires_on=expires_on,
        static_ip=_ip(texts.get("static_ip", "")),
        state=state,
        text=texts.get("text", "")[:200],
        starts_on=_day(texts, "starts"),
        bill_from=_day(texts, "bill_from"),
    )


def read_link(texts: Texts) -> LinkRow:
    """A row of old user names. Raises Refused."""
    return LinkRow(
        code=word(texts, "code", "no_code", longest=12).upper(),
        username=word(texts, "username", "no_username", longest=253),
        account=usernames.tidy(texts.get("account", "")),
    )


def read_speed(text: str) -> int | None:
    """kbit/s of `10M`, `10 Mb/s`, `512k`, `10240`; a bare number is kbit/s. None for nothing. Raises Refused."""
    if not text:
        return None
    found = _SPEED.fullmatch(text)
    kbit = _decimal(found["number"]) * _KBIT[found["unit"].lower()] if found else Decimal(0)
    bare_and_small = bool(found) and not found["unit"] and kbit < LEAST_KBIT if found else False
    if not 1 <= kbit <= MOST_KBIT or bare_and_small:
        raise Refused("bad_speed")
    return int(kbit)


def read_size(text: str) -> int | None:
    """Octets of `1 GB`, `500MB`, `20`, `1.5 TB`; None for uncapped. Raises Refused."""
    if not text or text.casefold() in UNLIMITED:
        return None
    found = _SIZE.fullmatch(text)
    if not found:
        raise Refused("bad_allowance")
    number, unit = _decimal(found["number"]), found["unit"].lower()
    octets = number * _times(unit) if unit else number if number >= BARE_OCTETS else number * GB
    if not 1 <= octets <= 10**15:
        raise Refused("bad_allowance")
    return int(octets)


def _times(unit: str) -> int:
    """`g` is 10^9, `gi` is 2^30."""
    return int((1024 if unit.endswith("i") else 1000) ** _POWERS[unit[0]])


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(" ", "").replace(",", "."))


def _speed(texts: Texts, name: str, missing: str = "") -> int | None:
    speed = read_speed(texts.get(name, ""))
    if speed is None and missing:
        raise Refused(missing)
    return speed


def _yes(texts: Texts, name: str) -> bool:
    text = texts.get(name, "").casefold()
    if text not in YES + NO:
        raise Refused(f"bad_{name}")
    return text in YES


def _day(texts: Texts, name: str) -> date | None:
    day, bad = read_date(texts.get(name, ""))
    if bad:
        raise Refused("bad_date")
    return day


def _username(texts: Texts) -> str:
    text = usernames.tidy(texts.get("username", ""))
    if not text:
        raise Refused("no_username")
    if not usernames.accepted(text):
        raise Refused("bad_username")
    return text


def _password(text: str) -> str:
    quoted = text[:1] in ("'", '"', "`") and text[:1] == text[-1:]
    if text and (not re.fullmatch(r"[ -~]{1,128}", text) or quoted):
        raise Refused("bad_password")
    return text


def _price(text: str) -> Decimal | None:
    if not text:
        return None
    price = read_amount(text)
    if price is None or not 0 <= price < 10_000_000:
        raise Refused("bad_amount")
    return price


def _ip(text: str) -> str | None:
    try:
        return str(ip_address(text)) if text else None
    except ValueError:
        raise Refused("bad_ip") from None
