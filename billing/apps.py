from django.apps import AppConfig


class BillingConfig(AppConfig):
    """What they owe: charges, documents, the ledger, receipts, month-end."""

    name = "billing"
    label = "billing"
