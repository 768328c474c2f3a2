"""Addresses about what customers ask to be changed."""

from django.urls import URLPattern, path

from herotill.lists.urls import of_list
from workflow.lists.change_requests import requested, updates
from workflow.views import change_requests

urlpatterns: list[URLPattern] = [
    *of_list(updates, "customers/update/"),
    *of_list(requested, "change-requests/"),
    path("change-requests/<int:pk>/", change_requests.show, name="change-request"),
    path("change-requests/<int:pk>/look/", change_requests.look, name="change-request-look"),
    path("change-requests/<int:pk>/withdraw/", change_requests.withdraw, name="change-request-withdraw"),
    path("change-requests/<int:pk>/number/", change_requests.number, name="change-request-number"),
]
