"""Addresses about recurring items, price notices and the question Why?"""

from django.urls import URLPattern, path

from billing.views import price_notices, recurring, why

urlpatterns: list[URLPattern] = [
    path("items/<int:pk>/prices/", recurring.prices, name="item-prices"),
    path("why/<slug:code>/", why.balance, name="why-balance"),
    path("why/documents/<int:pk>/", why.document, name="why-document"),
    path("why/lines/<int:pk>/", why.line, name="why-line"),
    path("price-rises/", price_notices.rises, name="price-rises"),
    path("price-rises/own/send/", price_notices.send_own, name="price-rises-send-own"),
    path("price-rises/<int:pk>/", price_notices.rise, name="price-rise"),
    path("price-rises/<int:pk>/send/", price_notices.send, name="price-rise-send"),
]
