"""The reports there are. Each app registers its own and they stand on the same page."""

from __future__ import annotations

from dataclasses import dataclass

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Report:
    """One report: where it stands and what it answers, in a sentence."""

    name: str
    title: str
    url_name: str
    permission: str
    about: str
    icon: str = "chart-bar"
    order: int = 100


reports: Registry[Report] = Registry("report")
