"""The Celery app with its four queues; when jobs are called says `timetable.beat`.

`celery -A herotill worker -Q money,network,messages,reports` works, `celery -A herotill beat` calls.
What is owed stands in rows; a lost, doubled or late message changes nothing but the moment.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import Celery
from kombu.entity import Queue
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "herotill.settings")

log = logging.getLogger(__name__)
app = Celery("herotill", include=["herotill.tasks"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name, routing_key=name) for name in ("money", "network", "messages", "reports")]


def send(task: str, *args: Any, queue: str, shadow: str) -> None:
    """Ask the workers of `queue` for a task of herotill.tasks now.

    Where the broker cannot be reached this is only logged: the row says what is owed, and the job that
    looks each minute finds it.
    """
    from herotill import tasks

    try:
        getattr(tasks, task).apply_async(args=args, queue=queue, shadow=shadow, retry=False)
    except (OperationalError, OSError) as trouble:
        log.warning("The broker could not be reached for %s: %s", shadow, type(trouble).__name__)
