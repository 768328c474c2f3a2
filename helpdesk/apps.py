from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    """What customers say to us and how they rate us: tickets, mail in and out, ratings."""

    name = "helpdesk"
    label = "helpdesk"
