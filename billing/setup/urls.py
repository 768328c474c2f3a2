"""The addresses of what billing keeps in Setup, below `billing/`."""

from django.urls import path

from billing.views import bank_accounts, setup

urlpatterns = [
    path("bank-accounts/<int:pk>/", bank_accounts.show, name="bank-details"),
    path("bank-accounts/<int:pk>/change/", bank_accounts.change, name="bank-details-change"),
    path("setup/series/", setup.series, name="series"),
    path("setup/series/<int:pk>/", setup.change_series, name="series-change"),
    path("setup/rules/", setup.rules, name="rules"),
    path("setup/limits/", setup.credit_limits, name="limits"),
]
