"""The API for other programs, and the webhooks that tell them. Apps add to it from `<app>/api.py`."""
