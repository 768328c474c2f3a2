"""Addresses about recurring items, price notices and the question Why?"""

from django.urls import URLPattern, path

from billing.views import recurring, why

urlpatterns: list[URLPattern] = [
    path("items/<int:pk>/prices/", recurring.prices, name="item-prices"),
    path("why/<slug:code>/", why.balance, name="why-balance"),
    path("why/documents/<int:pk>/", why.document, name="why-document"),
    path("why/lines/<int:pk>/", why.line, name="why-line"),
]
