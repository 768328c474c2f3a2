"""What is said to customers about jobs."""

from __future__ import annotations

from herotill.messages.templates import EMAIL, Field, Template, templates
from workflow.services.job_mails import RESCHEDULED, SCHEDULED

FIELDS = (
    Field("customer", "The customer's name", "Alice Liddel"),
    Field("job", "What is done", "Installation"),
    Field("day", "The day", "Thursday, 23 August 2018"),
    Field("from", "The time from which on somebody may come", "08:00"),
    Field("until", "The time until which somebody may come", "11:00"),
    Field("technician", "Who comes", "Tumi Dlamini"),
    Field("address", "Where to", "1 Rose Street, Robertson"),
)
END = (
    "\n\nSomebody must be at home to let our technician in. If the time does not suit you, answer this mail."
)

templates.register(
    Template(
        name=SCHEDULED,
        title="A technician comes",
        group="Job cards",
        channel=EMAIL,
        purpose="sales",
        subject="{job} on {day}, {from} to {until}",
        text=(
            "Dear {customer}\n\n{technician} comes to you on {day} between {from} and {until}: {job}, at {address}."
            + END
        ),
        fields=FIELDS,
        order=60,
    )
)
templates.register(
    Template(
        name=RESCHEDULED,
        title="A technician comes at another time",
        group="Job cards",
        channel=EMAIL,
        purpose="sales",
        subject="New time: {job} on {day}, {from} to {until}",
        text=(
            "Dear {customer}\n\nThe time has changed: {technician} comes to you on {day} between {from} and {until}:"
            " {job}, at {address}." + END
        ),
        fields=FIELDS,
        order=61,
    )
)
