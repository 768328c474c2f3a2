"""Addresses of imports and reports."""

from django.urls import URLPattern, path

from dataaccounts.imports import ALL
from dataaccounts.views import call_reports, importing, usage_reports
from herotill.imports.urls import of_import

urlpatterns: list[URLPattern] = [
    path("import/", importing.index, name="import"),
    path("reports/top-users/", usage_reports.top_users, name="top-users"),
    path("reports/calls/", call_reports.by_destination, name="calls-by-destination"),
    path("reports/usage/", usage_reports.usage_by, name="usage-by"),
    *(one for kind in ALL for one in of_import(kind, f"import/{kind.name}/")),
]
