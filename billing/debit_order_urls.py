"""Addresses of the debit-order service and its results."""

from django.urls import URLPattern, path

from billing.views import bank_services, results

urlpatterns: list[URLPattern] = [
    path("setup/debit-order-service/", bank_services.show, name="bank-service"),
    path("setup/debit-order-service/keys/", bank_services.change_keys, name="bank-service-keys"),
    path("setup/debit-order-service/test/", bank_services.test, name="bank-service-test"),
    path("results/", results.statements, name="results"),
    path("results/fetch/", results.fetch, name="results-fetch"),
    path("results/<int:pk>/", results.statement, name="result-statement"),
    path("results/<int:pk>/file/", results.file, name="result-statement-file"),
    path("results/<int:pk>/again/", results.again, name="result-statement-again"),
]
