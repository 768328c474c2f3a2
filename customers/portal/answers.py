"""Whom a page of the portal is about."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from customers.models import Customer
from herotill.portal import seat


def theirs(request: HttpRequest) -> Customer:
    """The customer whom the page is about; nothing in an address or a form says another."""
    return cast(Customer, seat(request).customer)
