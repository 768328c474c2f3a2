"""The customer's own pages about their services, at /portal/."""

from django.urls import URLPattern, path

from dataaccounts.portal import changing, outages, phone, services, usage, vouchers

urlpatterns: list[URLPattern] = [
    path("services/", services.services, name="portal-services"),
    path("services/<int:pk>/", services.service, name="portal-service"),
    path("services/<int:pk>/change/", changing.change, name="portal-service-change"),
    path("services/<int:pk>/notices/", services.notices, name="portal-service-notices"),
    path("services/<int:pk>/password/", services.password, name="portal-service-password"),
    path("services/wishes/<int:pk>/withdraw/", changing.withdraw_wish, name="portal-wish-withdraw"),
    path(
        "services/changes/<int:pk>/withdraw/", changing.withdraw_change, name="portal-package-change-withdraw"
    ),
    path("usage/", usage.usage, name="portal-usage"),
    path("phone/", phone.calls, name="portal-phone"),
    path("voucher/", vouchers.redeem, name="portal-voucher"),
    path("outages/", outages.outages, name="portal-outages"),
]
