from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Who they are, what we said to them, what was done to them."""

    name = "customers"
    label = "customers"
