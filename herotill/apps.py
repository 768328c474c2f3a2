from django.apps import AppConfig


class HouseConfig(AppConfig):
    """What every app shares: runs, facts, lists, search, imports, registries."""

    name = "herotill"
    label = "house"
    verbose_name = "House"

    def ready(self) -> None:
        from herotill import checks  # noqa: F401
        from herotill.registry import discover

        discover()
