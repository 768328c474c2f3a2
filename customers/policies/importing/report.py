"""The report of an import, a line for each record of the file, in the columns that others compare."""

from __future__ import annotations

from customers.policies.importing.outcome import Outcome

COLUMNS = (
    "line",
    "outcome",
    "reason",
    "code",
    "warnings",
    "type",
    "name",
    "contact",
    "emails",
    "phone",
    "status",
    "master",
    "opened",
    "balance",
)


def report_line(outcome: Outcome) -> tuple[str, ...]:
    """The cells of one line under COLUMNS."""
    told = (str(outcome.line), outcome.action.value, outcome.reason)
    held = outcome.holding
    if held is None:
        return (*told, *([""] * (len(COLUMNS) - len(told))))
    return (
        *told,
        outcome.code,
        " ".join(outcome.warnings),
        held.kind.value,
        held.name,
        held.contact_name,
        " ".join(held.emails),
        held.phone,
        held.status,
        held.master,
        held.opened.isoformat() if held.opened else "",
        str(held.balance),
    )
