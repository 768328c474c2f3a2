"""How the server that stands in for SageOne goes wrong when it is told to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from herotill.integrations.sageone.numbers import dumps, loads

HTML = "<!DOCTYPE html><html><head><title>Sage</title></head><body>Sorry</body></html>"
FAULT = {"Message": "An error has occurred."}
FAULTS = ("429", "500", "503", "html", "html-ok", "drop", "late", "twice", "mixed", "cut", "text", "slow")


@dataclass(frozen=True, slots=True)
class Told:
    """One answer. A status of 0 closes the line without a word."""

    status: int
    body: str = ""
    kind: str = "application/json"
    head: tuple[tuple[str, str], ...] = ()


def as_json(status: int, value: Any) -> Told:
    return Told(status, dumps(value))


def instead(fault: str) -> Told | None:
    """What is said without anything being done."""
    if fault.isdigit():
        return Told(429, "Too many requests", "text/plain") if fault == "429" else as_json(int(fault), FAULT)
    pages = {
        "html": Told(500, HTML, "text/html"),
        "html-ok": Told(200, HTML, "text/html"),
        "text": Told(400, "Username is Required.", "text/plain"),
        "drop": Told(0),
    }
    return pages.get(fault)


def spoilt(fault: str, told: Told) -> Told:
    """What is said after what was asked was done."""
    if fault == "late":
        return Told(0)
    if fault not in ("twice", "mixed", "cut") or told.status != 200:
        return told
    said = loads(told.body)
    rows = said.get("Results") if isinstance(said, dict) else None
    if not rows:
        return told
    spoilt = {"twice": rows[:1] + rows, "mixed": rows[::-1], "cut": rows[:-1]}[fault]
    return as_json(200, said | {"Results": spoilt})
