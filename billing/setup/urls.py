"""The addresses of what billing keeps in Setup, below `billing/`."""

from django.urls import path

from billing.views import bank_accounts

urlpatterns = [
    path("bank-accounts/<int:pk>/", bank_accounts.show, name="bank-details"),
    path("bank-accounts/<int:pk>/change/", bank_accounts.change, name="bank-details-change"),
]
