from django.apps import AppConfig


class SampleConfig(AppConfig):
    """An app that registers one of everything, to prove that the house needs no change for a new app."""

    name = "tests.sampleapp"
    label = "sampleapp"
