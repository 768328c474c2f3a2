"""The screens of the API in Setup."""

from __future__ import annotations

from django.urls import path

from herotill.api.views import tokens, webhooks

urlpatterns = [
    path("setup/api/", tokens.listed, name="api-tokens"),
    path("setup/api/new/", tokens.add, name="api-token-add"),
    path("setup/api/<int:pk>/revoke/", tokens.revoke, name="api-token-revoke"),
    path("setup/webhooks/", webhooks.listed, name="webhooks"),
    path("setup/webhooks/new/", webhooks.add, name="webhook-add"),
    path("setup/webhooks/<int:pk>/", webhooks.show, name="webhook"),
    path("setup/webhooks/<int:pk>/change/", webhooks.change, name="webhook-change"),
    path("setup/webhooks/<int:pk>/secret/", webhooks.renew, name="webhook-renew"),
    path("setup/webhooks/<int:pk>/pause/", webhooks.pause, name="webhook-pause"),
    path("setup/webhooks/<int:pk>/remove/", webhooks.remove, name="webhook-remove"),
    path("setup/webhooks/<int:pk>/again/<int:other>/", webhooks.replay, name="webhook-replay"),
]
