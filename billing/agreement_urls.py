"""Addresses about recurring items, price notices and the question Why?"""

from django.urls import URLPattern, path

from billing.views import recurring

urlpatterns: list[URLPattern] = [
    path("items/<int:pk>/prices/", recurring.prices, name="item-prices"),
]
