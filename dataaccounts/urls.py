"""Addresses of data accounts, by slice."""

from django.urls import URLPattern

from dataaccounts import (
    account_urls,
    allowance_urls,
    network_urls,
    outage_urls,
    report_urls,
    session_urls,
    usage_urls,
    voice_urls,
)

app_name = "dataaccounts"

urlpatterns: list[URLPattern] = [
    *account_urls.urlpatterns,
    *allowance_urls.urlpatterns,
    *network_urls.urlpatterns,
    *outage_urls.urlpatterns,
    *report_urls.urlpatterns,
    *session_urls.urlpatterns,
    *usage_urls.urlpatterns,
    *voice_urls.urlpatterns,
]
