from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Messages to people: outbox, templates, gateways, consent. Django's own messages hold the plain label."""

    name = "herotill.messages"
    label = "outbox"
    verbose_name = "Messages"
