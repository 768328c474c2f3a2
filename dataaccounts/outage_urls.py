"""Addresses of outages."""

from django.urls import URLPattern, path

from dataaccounts.lists.outages import outages as outage_list
from dataaccounts.views import outages
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(outage_list, "outages/"),
    path("outages/new/", outages.new, name="outage-new"),
    path("outages/<int:pk>/", outages.show, name="outage"),
    path("outages/<int:pk>/change/", outages.change, name="outage-change"),
    path("outages/<int:pk>/tell/", outages.tell, name="outage-tell"),
    path("outages/<int:pk>/end/", outages.end, name="outage-end"),
]
