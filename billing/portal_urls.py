"""Addresses of the portal's pages about money."""

from django.urls import URLPattern, path

from billing.portal import (
    bills,
    every_month,
    itemised,
    leaving,
    methods,
    paying,
    payments,
    statements,
    toppings,
)

urlpatterns: list[URLPattern] = [
    path("bills/", bills.listed, name="portal-bills"),
    path("bills/<int:pk>/", bills.show, name="portal-bill"),
    path("bills/<int:pk>/pdf/", bills.paper, name="portal-bill-paper"),
    path("bills/<int:pk>/calls/", itemised.calls, name="portal-bill-calls"),
    path("bills/<int:pk>/dispute/", bills.dispute, name="portal-bill-dispute"),
    path("bills/pay/", paying.pay, name="portal-pay"),
    path("bills/pay/<slug:reference>/", paying.go, name="portal-pay-go"),
    path("bills/payments/", payments.listed, name="portal-payments"),
    path("bills/payments/<int:pk>/", payments.show, name="portal-payment"),
    path("bills/payments/<int:pk>/pdf/", payments.paper, name="portal-payment-paper"),
    path("bills/statement/", statements.statement, name="portal-statement"),
    path("bills/statement/pdf/", statements.paper, name="portal-statement-paper"),
    path("bills/every-month/", every_month.every_month, name="portal-monthly"),
    path("bills/sub-accounts/", every_month.subs, name="portal-subs-money"),
    path("bills/how-you-pay/", methods.method, name="portal-method"),
    path("bills/how-you-pay/verify-card/", methods.verify_card, name="portal-card-verify"),
    path("bills/how-you-pay/remove-card/", methods.remove_card, name="portal-card-remove"),
    path("bills/how-you-pay/mandate/", methods.mandate, name="portal-mandate"),
    path("bills/how-you-pay/mandate/pdf/", methods.mandate_paper, name="portal-mandate-paper"),
    path("services/data/", toppings.data, name="portal-data"),
    path("bills/leaving/", leaving.leaving, name="portal-leaving"),
    path("bills/leaving/<int:pk>/", leaving.answer, name="portal-leaving-answer"),
]
