"""Whose account the portal is about, at /portal/."""

from django.urls import path

from customers.portal import accounts, looking

urlpatterns = [
    path("accounts/", accounts.accounts, name="portal-accounts"),
    path("accounts/switch/", accounts.switch, name="portal-switch"),
    path("sharing/", accounts.sharing, name="portal-sharing"),
    path("look/end/", looking.end, name="portal-look-end"),
]
