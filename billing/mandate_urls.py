"""Addresses about how customers pay, and their mandates."""

from django.urls import URLPattern, path

from billing.lists.mandates import mandates as mandate_list
from billing.views import mandates, payments
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(mandate_list, "mandates/"),
    path("mandates/<int:pk>/document/", mandates.document, name="mandate-document"),
    path("customers/<slug:code>/payment/", payments.payment, name="payment"),
    path("customers/<slug:code>/payment/fields/", payments.fields, name="payment-fields"),
    path("customers/<slug:code>/payment/branch/", payments.branch, name="payment-branch"),
    path("customers/<slug:code>/payment/check/", payments.check, name="payment-check"),
]
