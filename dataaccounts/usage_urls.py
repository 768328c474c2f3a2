"""Addresses of usage."""

from django.urls import URLPattern, path

from dataaccounts.views import usage

urlpatterns: list[URLPattern] = [
    path("customers/<slug:code>/usage/", usage.of_customer, name="usage-of-customer"),
]
