from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API for other programs, and the webhooks that tell them."""

    name = "herotill.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
