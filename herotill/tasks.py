"""What the workers are asked for. Thin: the work is in `jobs` and `runs`."""

from __future__ import annotations

from django.utils import timezone

from herotill import jobs, runs
from herotill.celery import app


@app.task(name="house.job")
def job(name: str) -> str:
    return jobs.carry_out(name, now=timezone.now())


@app.task(name="house.run")
def run(run_id: int) -> None:
    runs.work(run_id)
