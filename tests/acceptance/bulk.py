"""A file of any number of customers, as another system exports them; the same number gives the same file.

python -m tests.acceptance.bulk 100000 > customers.csv
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta

from tests.acceptance.makeset import record_line
from tests.acceptance.records import HEADINGS, company, person

FIRST = "Alice Bongani Chantel Dirk Esther Farouk Gugu Hendrik Ingrid Johan Käthe Lerato Mpho Naledi Pieter".split()
LAST = (
    "Liddel Essopjee Buthelani Coetsenburg Khumalwane Botha Nkosi Petersen Wetwater Venterse Zolani".split()
)
TOWNS = (("Howick", "3290"), ("Oudtshoorn", "6625"), ("Klerksdorp", "2571"), ("Makhado", "0920"))


def export(count: int) -> bytes:
    """`count` records under the shipped preset's headings, every tenth without a code, every fiftieth a sub."""
    lines = [record_line(HEADINGS, ";")]
    lines += [record_line([cells.get(h.strip(), "") for h in HEADINGS], ";") for cells in records(count)]
    return "".join(lines).encode("utf-8-sig")


def records(count: int) -> Iterator[dict[str, str]]:
    """Records by heading. All people are invented."""
    chance = random.Random(count)
    for number in range(count):
        yield _record(number, chance)


def _record(number: int, chance: random.Random) -> dict[str, str]:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    town, postal_code = chance.choice(TOWNS)
    common = {
        "code": f"C{number:06d}" if number % 10 else "",
        "cell": f"082 000 {number % 10000:04d}",
        "email": f"{last.lower()}.{number}@example.com",
        "addr1": f"{number % 200 + 1} Oak Crescent",
        "postal_code": postal_code,
        "cat": chance.choice(("", "", "VIP", "Farm", "Guest House")),
        "run": chance.choice(("1", "15", "Run 25")),
        "opened": (date(2012, 1, 1) + timedelta(days=chance.randrange(3000))).isoformat(),
        "status": chance.choice(("Active", "Active", "Active", "Susp", "Closed")),
        "parent": "C000001" if number % 50 == 7 else "",
        "notes": "Gate code with guard" if number % 3 == 0 else "",
        "tag": chance.choice(("", "", "", "Green", "Red")),
        "balance": f"R {chance.randrange(-50000, 300000) / 100:.2f}" if number % 2 else "",
    }
    if number % 7 == 1:
        named = company(f"{last} {first} {number} (Pty) Ltd", **common)
        return named | {"Surname, Names": f"{last}, {first}", "Town": town}
    return person(f"{last}, {first} {_letters(number)}", **common) | {"Town": town}


def _letters(number: int) -> str:
    """The number as a name, so that no two people are one."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)).capitalize()


if __name__ == "__main__":
    sys.stdout.buffer.write(export(int(sys.argv[1])))
