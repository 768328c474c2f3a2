from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """What several apps point at."""

    name = "herotill.reference"
    label = "reference"
