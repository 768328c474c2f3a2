"""Books kept elsewhere as tests need them: a connection that is in use, with a server that stands in."""

from __future__ import annotations

from datetime import date

from billing.models import BooksConnection
from herotill.integrations.sageone.standin import CONNECTION, CREDENTIALS

STARTS = date(2018, 8, 1)


def connect(*, is_on: bool = True, starts_on: date = STARTS) -> BooksConnection:
    """The connection with the stand-in's company: sales are account 1, what else is booked account 2."""
    one = BooksConnection.objects.get()
    one.company_id, one.company_name = CONNECTION.company_id, "Veldnet (Pty) Ltd"
    one.user, one.password, one.api_key = CREDENTIALS.user, CREDENTIALS.password, CREDENTIALS.api_key
    one.sales_account, one.other_account, one.makes_customers = "1", "2", True
    one.starts_on, one.is_on = starts_on, is_on
    one.save()
    return one
