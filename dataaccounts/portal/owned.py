"""Which of a customer's services a page shows; 404 for anybody else's."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest

from customers.portal.answers import theirs
from dataaccounts.models import DataAccount
from dataaccounts.selectors import own_services
from dataaccounts.selectors.own_services import Service


def service_of(request: HttpRequest, pk: int, now: datetime) -> Service:
    """One of their services, whatever its state."""
    found = own_services.service(customer=theirs(request), pk=pk, now=now)
    if found is None:
        raise Http404
    return found


def account_of(request: HttpRequest, pk: int) -> DataAccount:
    """One of their accounts that is not cancelled."""
    account = own_services.account(customer=theirs(request), pk=pk)
    if account is None:
        raise Http404
    return account
