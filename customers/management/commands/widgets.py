"""Prints what stands on the customer edit screen, in its order."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.management.base import BaseCommand

from customers.screen import Widget, widgets

HEAD = ("name", "title", "section", "order", "permission", "actions", "lazy")


class Command(BaseCommand):
    help = "Prints the widgets of the customer edit screen: who may see them, what can be done in them."

    def handle(self, **options: object) -> None:
        rows = [HEAD, *(_row(widget) for widget in widgets)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
        for row in rows:
            self.stdout.write(
                "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
        self.stdout.write(f"\n{len(widgets)} widgets.")


def _row(widget: type[Widget]) -> Sequence[str]:
    """One line; cells never hold two spaces, and none is empty."""
    return (
        widget.name,
        widget.title,
        widget.section.name.lower(),
        str(widget.position),
        widget.permission,
        ",".join(widget.actions) or "-",
        "lazy" if widget.lazy else "-",
    )
