from typing import Any

from celery.signals import task_postrun, task_prerun
from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate

from herotill import logs


def _begin(**_: Any) -> None:
    """A database that is new is this installation's from the start."""
    from herotill import outward
    from herotill.models import Installation
    from herotill.users.models import User

    needed = {Installation._meta.db_table, User._meta.db_table}
    if needed <= set(connection.introspection.table_names()):
        outward.begin()


class HouseConfig(AppConfig):
    """What every app shares: runs, facts, lists, search, imports, registries."""

    name = "herotill"
    label = "house"
    verbose_name = "House"

    def ready(self) -> None:
        from herotill import checks  # noqa: F401
        from herotill.registry import discover

        discover()
        task_prerun.connect(logs.of_task, weak=False)
        task_postrun.connect(logs.of_no_task, weak=False)
        post_migrate.connect(_begin, sender=self, dispatch_uid="house.installation")
