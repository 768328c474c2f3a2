"""The screens of the API in Setup."""

from __future__ import annotations

from django.urls import path

from herotill.api.views import tokens

urlpatterns = [
    path("setup/api/", tokens.listed, name="api-tokens"),
    path("setup/api/new/", tokens.add, name="api-token-add"),
    path("setup/api/<int:pk>/revoke/", tokens.revoke, name="api-token-revoke"),
]
