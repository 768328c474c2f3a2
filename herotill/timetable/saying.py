"""What is said when a job is in trouble, by mail."""

from __future__ import annotations

from herotill.messages.templates import Field, Template, templates

ALARM = "job-in-trouble"
TEXT = """Hello,

“{job}” is in trouble: {what}.

{says}

It waits in the queue {queue}. Setup, Timetable tells more, and has it carried out at once. You are told again while this lasts.
"""

templates.register(
    Template(
        name=ALARM,
        title="A job of the timetable failed, is late or paused",
        group="Log-ins",
        channel="email",
        subject="{job}: {what}",
        text=TEXT,
        fields=(
            Field("job", "What was to be done", "Sends mails"),
            Field("what", "Failed, late or paused", "late"),
            Field("says", "What it said, or since when it is late", "It was due on 2026-11-24 at 02:30."),
            Field("queue", "The queue it waits in", "messages"),
        ),
        order=990,
    )
)
