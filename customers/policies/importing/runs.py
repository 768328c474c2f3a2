"""The names of debit runs in the other system (mapping, "Debit Run")."""

from __future__ import annotations

_NAMES = {
    name: f"Netcash Run {day}"
    for day in (1, 15, 25)
    for name in (str(day), f"{day:02d}", f"run {day}", f"netcash run {day}")
}


def read_run(text: str) -> str:
    """The billing group that a debit run stands for, "" where it stands for none of ours."""
    return _NAMES.get(text.casefold(), "")
