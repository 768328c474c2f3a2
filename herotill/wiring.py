"""What the house itself registers."""

from herotill import events, runs
from herotill.jobs import Job, Queue, jobs

jobs.register(
    Job(
        name="runs-sweep",
        title="Takes up long jobs whose worker was lost",
        queue=Queue.MESSAGES,
        task=runs.sweep,
        schedule="every minute",
        order=10,
    )
)
jobs.register(
    Job(
        name=events.JOB,
        title="Hands what happened to those parts that act on it",
        queue=Queue.MESSAGES,
        task=events.hand_out,
        schedule="every minute",
        order=20,
    )
)
