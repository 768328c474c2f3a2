from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


def _grant(sender: AppConfig, **_: Any) -> None:
    """Once, after the last app has its permissions."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label == last.label:
        from herotill.users.services import default_grants

        default_grants.apply()


class UsersConfig(AppConfig):
    """One table of people who log in, their roles, preferences and two doors."""

    name = "herotill.users"
    label = "users"
    verbose_name = "People and rights"

    def ready(self) -> None:
        post_migrate.connect(_grant, dispatch_uid="users.default_grants")
