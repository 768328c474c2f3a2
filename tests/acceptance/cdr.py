"""A folder of call records, the world they fall into, and what they came to, in the shape of expected.json."""

from __future__ import annotations

import csv
import json
import os
import warnings
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dataaccounts.models import Call, CallFile, CallProfile, CallRow, Deck, VoiceBundle, VoiceLine
from dataaccounts.services import calls, decks
from herotill.money import cents
from tests.acceptance import makecdr
from tests.factories.calls import make_line, make_source, make_voice_package
from tests.factories.customers import make_customer

NEAR = Path(__file__).parents[2].parent / "shared" / "data"
ZONE = ZoneInfo("Africa/Johannesburg")
NOW = datetime(2026, 4, 2, 6, tzinfo=UTC)
LONG_AGO = date(2000, 1, 1)
LEFT_OUT = ("file", "source")


def folder(own: Path) -> Path:
    """The folder cdr/ of ACCEPTANCE_DATA; where there is none, the repository's own small set in `own`."""
    there = Path(os.environ.get("ACCEPTANCE_DATA", NEAR)) / "cdr"
    if there.is_dir():
        return there
    warnings.warn(f"No {there}: call records are tried on the repository's own small set.", stacklevel=2)
    makecdr.make(own)
    return own / "cdr"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def furnish(there: Path) -> list[tuple[str, CallProfile]]:
    """Customers, lines, bundles and decks; gives the files with their profiles, in the order of import."""
    decks_of = {side: _deck(there, side) for side in ("cost", "sell")}
    package = make_voice_package(deck=decks_of["sell"])
    people = {
        row["customer_code"]: make_customer(row["name"], row["customer_code"])
        for row in table(there / "customers.csv")
    }
    for row in table(there / "lines.csv"):
        make_line(
            row["number"].removeprefix("+"),
            people[row["customer_code"]],
            package=package,
            source=make_source(row["source"], cost_deck=decks_of["cost"]),
            account=row["account"],
            starts_on=LONG_AGO,
        )
    for row in table(there / "bundles.csv"):
        line = VoiceLine.objects.get(number=row["number"].removeprefix("+"))
        VoiceBundle.objects.create(line=line, call_class=row["class"], minutes=row["free_minutes"])
    return [_profile(given, decks_of["cost"]) for given in json.loads((there / "profiles.json").read_text())]


def _deck(there: Path, side: str) -> Deck:
    deck = Deck.objects.create(side=side, name="Standard")
    versions = defaultdict(list)
    for row in table(there / f"{side}_deck.csv"):
        versions[row["valid_from"]].append(row)
    for day, rows in versions.items():
        decks.add_version(deck=deck, valid_from=date.fromisoformat(day), records=rows)
    return deck


def _profile(given: Mapping[str, Any], cost: Deck) -> tuple[str, CallProfile]:
    fields = {name: value for name, value in given.items() if name not in LEFT_OUT}
    fields["vat_percent"] = Decimal(fields.get("vat_percent", 0))
    source = make_source(given["source"], cost_deck=cost)
    return given["file"], CallProfile.objects.create(source=source, name=given["file"], **fields)


def take_in(there: Path, name: str, profile: CallProfile) -> calls.Outcome:
    with (there / name).open("rb") as file:
        return calls.import_file(profile=profile, file=file, name=name, actor=None, now=NOW)


def outcomes(file: CallFile) -> dict[str, Any]:
    """What became of a file's rows, as expected.json says it."""
    rows = CallRow.objects.filter(file=file).order_by("row").values_list("row", "outcome", "reason")
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row, outcome, reason in rows:
        found[outcome].append((row, reason))
    not_billable = dict.fromkeys(("unanswered", "inbound", "internal", "other_leg"), 0)
    for _, reason in found["not_billable"]:
        not_billable[reason] += 1
    return {
        "rows_read": len(rows),
        "billable_calls": len(found["billable"]),
        "merged_rows": len(found["merged"]),
        "not_billable": not_billable,
        "duplicates": [row for row, _ in found["duplicate"]],
        "refused": [{"row": row, "reason": reason} for row, reason in found["refused"]],
        "unmatched": [row for row, _ in found["unmatched"]],
        "unrated": [row for row, _ in found["unrated"]],
    }


def told(call: Call) -> dict[str, str]:
    """A call as a record of expected_calls.csv."""
    return {
        "file": call.file.name,
        "row": str(call.row),
        "line": f"+{call.line.number}",
        "customer_code": call.line.customer.code,
        "start_local": f"{call.start.astimezone(ZONE):%Y-%m-%d %H:%M:%S}",
        "number_called": call.called,
        "destination": call.destination,
        "class": call.call_class,
        "billsec": str(call.seconds),
        "charged_seconds": str(call.charged),
        "bundle_seconds": str(call.bundled),
        "call_cost": f"{call.cost:.6f}",
        "sell_price": f"{call.price:.6f}",
        "markup": f"{call.price - call.cost:.6f}",
    }


def everything() -> list[Call]:
    found = Call.objects.select_related("file", "line__customer").order_by("file_id", "row")
    return list(found)


def periods() -> dict[str, Any]:
    """What the calls came to by month, line and customer, as expected.json says it."""
    by_month: dict[str, dict[int, list[Call]]] = defaultdict(lambda: defaultdict(list))
    for call in everything():
        by_month[f"{call.day:%Y-%m}"][call.line_id].append(call)
    return {month: _period(by_line) for month, by_line in sorted(by_month.items())}


def _period(by_line: Mapping[int, list[Call]]) -> dict[str, Any]:
    lines = {f"+{found[0].line.number}": _line(found) for found in by_line.values()}
    customers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines.values():
        customers[line["customer_code"]].append(line)
    return {
        "lines": dict(sorted(lines.items())),
        "customers": {code: _sum(found) for code, found in sorted(customers.items())},
        "total": _sum(list(lines.values())),
    }


def _line(found: list[Call]) -> dict[str, Any]:
    line = found[0].line
    used = {bundle.call_class: 0 for bundle in line.bundles.all()}
    days: dict[str, list[Call]] = defaultdict(list)
    for call in found:
        days[call.day.isoformat()].append(call)
        if call.call_class in used:
            used[call.call_class] += call.bundled
    cost = cents(sum(call.cost for call in found))
    price = cents(sum(call.price for call in found))
    return {
        "customer_code": line.customer.code,
        "calls": len(found),
        "charged_seconds": sum(call.charged for call in found),
        "call_cost": str(cost),
        "sell_price": str(price),
        "markup": str(price - cost),
        "bundle_seconds": dict(sorted(used.items())),
        "days": {
            day: {
                "call_cost": f"{sum(call.cost for call in those):.6f}",
                "markup": f"{sum(call.price - call.cost for call in those):.6f}",
            }
            for day, those in sorted(days.items())
        },
    }


def _sum(lines: list[dict[str, Any]]) -> dict[str, Any]:
    used: dict[str, int] = defaultdict(int)
    days: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        for name, seconds in line["bundle_seconds"].items():
            used[name] += seconds
        for day, sums in line["days"].items():
            for name, amount in sums.items():
                days[day][name] += Decimal(amount)
    return {
        "calls": sum(line["calls"] for line in lines),
        "charged_seconds": sum(line["charged_seconds"] for line in lines),
        **{
            name: str(sum(Decimal(line[name]) for line in lines))
            for name in ("call_cost", "sell_price", "markup")
        },
        "bundle_seconds": dict(sorted(used.items())),
        "days": {
            day: {name: f"{amount:.6f}" for name, amount in sums.items()}
            for day, sums in sorted(days.items())
        },
    }
