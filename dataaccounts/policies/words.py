"""How what a package promises is said."""

from __future__ import annotations

from dataaccounts.policies.measures import octets_in_words, speed_in_words


def terms(down_kbit: int, up_kbit: int, allowance: int | None) -> str:
    """`(20 Mb/s down, 20 Mb/s up, 1 GB Monthly)`; without an allowance the speeds alone."""
    monthly = f", {octets_in_words(allowance)} Monthly" if allowance else ""
    return f"({speed_in_words(down_kbit)} down, {speed_in_words(up_kbit)} up{monthly})"
