from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """How they become customers: leads, surveys, quotes, the customer phase, job cards, change requests."""

    name = "workflow"
    label = "workflow"
