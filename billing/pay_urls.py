"""Addresses that payers and gateways open without a log-in."""

from django.urls import URLPattern, path

from billing.views.cards import public

urlpatterns: list[URLPattern] = [
    path("pay/<str:token>/", public.pay, name="card-pay"),
    path("pay/<str:token>/go/<slug:reference>/", public.go, name="card-go"),
    path("cards/verify/<str:token>/", public.verify, name="card-verify"),
    path("cards/back/<slug:reference>/", public.back, name="card-return"),
    path("cards/cancelled/<slug:reference>/", public.cancelled, name="card-cancelled"),
    path("cards/notify/<slug:kind>/<str:token>/", public.notify, name="card-notify"),
]
