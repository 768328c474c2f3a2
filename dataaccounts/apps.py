from django.apps import AppConfig


class DataAccountsConfig(AppConfig):
    """What they use: packages, data accounts, RADIUS, sessions and usage."""

    name = "dataaccounts"
    label = "dataaccounts"
