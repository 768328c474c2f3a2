"""Addresses about card payments, for staff."""

from django.urls import URLPattern, path

from billing.lists.card_payments import attempts as attempt_list
from billing.lists.card_payments import notices as notice_list
from billing.views.cards import attempts, gateways
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(attempt_list, "cards/"),
    path("cards/to-look-at/", attempts.to_look_at, name="cards-to-look-at"),
    path("cards/<int:pk>/", attempts.show, name="card-payment"),
    path("cards/<int:pk>/confirm/", attempts.confirm, name="card-payment-confirm"),
    path("cards/<int:pk>/refuse/", attempts.refuse, name="card-payment-refuse"),
    path("cards/<int:pk>/keep/", attempts.keep, name="card-payment-keep"),
    path("cards/<int:pk>/reverse/", attempts.reverse_payment, name="card-payment-reverse"),
    *of_list(notice_list, "cards/notices/"),
    path("cards/notices/<int:pk>/", attempts.notice, name="card-notice"),
    path("cards/notices/<int:pk>/raw/", attempts.reveal, name="card-notice-raw"),
    path("cards/notices/<int:pk>/payer/", attempts.name_payer, name="card-notice-payer"),
    path("setup/card-gateways/", gateways.listed, name="card-gateways"),
    path("setup/card-gateways/<slug:kind>/", gateways.show, name="card-gateway"),
    path("setup/card-gateways/<slug:kind>/change/", gateways.change, name="card-gateway-change"),
    path("setup/card-gateways/<slug:kind>/address/", gateways.new_address, name="card-gateway-address"),
    path("setup/card-gateways/<slug:kind>/test/", gateways.test, name="card-gateway-test"),
    path("setup/card-gateways/<slug:kind>/off/", gateways.off, name="card-gateway-off"),
]
