from django.apps import AppConfig


class UsersConfig(AppConfig):
    """One table of people who log in, their roles, preferences and two doors."""

    name = "herotill.users"
    label = "users"
