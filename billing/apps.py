from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


def _begin(sender: AppConfig, **_: Any) -> None:
    """Give roles their limits, once they are there, which is after the last app."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label == last.label:
        from billing.services import limits

        limits.apply()


class BillingConfig(AppConfig):
    """What they owe: charges, documents, the ledger, receipts, month-end."""

    name = "billing"
    label = "billing"

    def ready(self) -> None:
        post_migrate.connect(_begin, dispatch_uid="billing.limits")
