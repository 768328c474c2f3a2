"""Data accounts of former customers lose user name, devices and sessions; how much was used stays, for nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from dataaccounts.models import DataAccount
from herotill.blanking import execute, texts

NAMES = """
SELECT username FROM dataaccounts_dataaccount WHERE customer_id = ANY(%s)
UNION SELECT n.username FROM dataaccounts_usagename n
    JOIN dataaccounts_dataaccount a ON a.id = n.account_id WHERE a.customer_id = ANY(%s)
"""
OF = "(SELECT id FROM dataaccounts_dataaccount WHERE customer_id = ANY(%s))"
GONE = (
    f"DELETE FROM dataaccounts_usagename WHERE account_id IN {OF}",
    f"DELETE FROM dataaccounts_device WHERE account_id IN {OF}",
    f"DELETE FROM dataaccounts_signalreading WHERE account_id IN {OF}",
    f"DELETE FROM radius_password WHERE account_id IN {OF}",
    f"DELETE FROM dataaccounts_usagenotice WHERE account_id IN {OF}",
    f"UPDATE dataaccounts_sessionorder SET why = '', answer = '', unique_id = '' WHERE account_id IN {OF}",
    f"UPDATE dataaccounts_topping SET reason = '' WHERE account_id IN {OF}",
    f"UPDATE dataaccounts_packagewish SET answer = '' WHERE account_id IN {OF}",
    f"UPDATE dataaccounts_packagechange SET reason = '•••', refused = '' WHERE account_id IN {OF}",
)
BY_NAME = (
    "DELETE FROM dataaccounts_counter WHERE unique_id IN"
    " (SELECT acctuniqueid FROM radacct WHERE username = ANY(%s))",
    "DELETE FROM radacct WHERE username = ANY(%s)",
    "DELETE FROM radacct_archive WHERE username = ANY(%s)",
    "DELETE FROM radpostauth WHERE username = ANY(%s)",
    "DELETE FROM dataaccounts_journal j USING dataaccounts_importcursor c"
    " WHERE j.id <= c.journal_id AND j.username = ANY(%s)",
)


def sessions(customers: Collection[int], now: datetime) -> None:
    """Sessions, log-ins and reports under their user names, which say when and from where somebody was online."""
    names = texts(NAMES, list(customers), list(customers))
    for statement in BY_NAME:
        execute(statement, names)


def accounts(customers: Collection[int], now: datetime) -> None:
    """User names, devices, passwords and words; packages, spans and usage stay."""
    for statement in GONE:
        execute(statement, list(customers))
    execute(
        "UPDATE dataaccounts_dataaccount SET username = 'former-' || id, text = '', static_ip = NULL,"
        " state_reason = '' WHERE customer_id = ANY(%s)",
        list(customers),
    )
    execute(
        "UPDATE dataaccounts_identitycheck SET document = '•••' WHERE customer_id = ANY(%s)", list(customers)
    )


def who_waits(customers: Collection[int], day: date) -> dict[int, str]:
    """Whoever has an account that is not cancelled."""
    alive = DataAccount.objects.filter(customer__in=customers).exclude(state=DataAccount.State.CANCELLED)
    return {
        account.customer_id: f"The data account {account.username} is not cancelled." for account in alive
    }


def last_days(customers: Collection[int]) -> dict[int, date]:
    """The last day of service of each."""
    ended = DataAccount.objects.filter(customer__in=customers, ends_on__isnull=False).order_by("ends_on")
    return {pk: day for pk, day in ended.values_list("customer_id", "ends_on") if day}
