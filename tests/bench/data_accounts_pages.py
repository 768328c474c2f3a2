"""The pages and cards of data accounts, with an account for every customer and months of usage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min
from django.test import Client

from dataaccounts.models import DataAccount, Nas, Outage, Package, UsageMonth
from tests.bench.data_accounts_data import network
from tests.bench.pages import TIMES, PageBench

CARDS = (
    "data-accounts active-sessions previous-sessions radius-devices data-toppings usage-notifications data-usage"
).split()


@dataclass(frozen=True)
class NetworkPages:
    """Pages against the floor view, where everybody has an account that is used."""

    name: str
    addresses: Callable[[Client], Sequence[str]]
    times: int = TIMES

    def run(self, size: int) -> dict[str, Any]:
        with network():
            return PageBench(self.name, self.addresses, times=self.times).run(size)


def accounts_list(browser: Client) -> Sequence[str]:
    """Sorts both ways; every filter, by itself and with a sort that no index serves."""
    sorts = ("sort=username", "sort=-username", "sort=expires", "sort=-expires")
    places = _places()
    filters = [f"state={state}" for state in DataAccount.State.values]
    filters += [f"{name}={pk}" for name, pk in places.items()]
    filters += [
        f"{flag}={way}" for flag in ("prepaid", "online", "capped", "expired") for way in ("true", "false")
    ]
    asked = [*sorts, *filters, *(f"{one}&sort=-expires" for one in filters)]
    asked += ["q=user77", "q=ALI001", "q=zzz", "state=waiting&online=true"]
    return [f"/data-accounts/?{one}" for one in asked]


def sessions(browser: Client) -> Sequence[str]:
    """Who is online, log-ins and orders."""
    asked = [f"sessions/?{one}" for one in ("sort=since", "sort=-since", "q=user77", "q=100.64.3.9", "q=zzz")]
    asked += ["logins/?all=1", "logins/?q=user77@isp.example"]
    asked += [f"orders/?{one}" for one in ("all=1", "state=owed", "state=refused", "state=done")]
    return [f"/data-accounts/{one}" for one in asked]


def usage_reports(browser: Client) -> Sequence[str]:
    """Who used most and what was used where, as each opens and over all months there are."""
    months = UsageMonth.objects.aggregate(first=Min("month"), last=Max("month"))
    year = f"first={months['first']:%Y-%m}&last={months['last']:%Y-%m}"
    tops = [f"top-users/?{year}&by={by}&order=total" for by in ("account", "customer")]
    places = [f"usage/?{year}&by={by}" for by in ("package", "highsite", "sector", "nas")]
    return [f"/data-accounts/reports/{one}" for one in ("top-users/", "usage/", *tops, *places)]


def overviews(browser: Client) -> Sequence[str]:
    """The network, a router, a highsite, a sector; packages; sessions with problems, each kind; outages of each."""
    places = _places()
    nas = Nas.objects.order_by("pk")[3].pk
    asked = ["network/", f"network/nas/{nas}/", f"network/highsites/{places['highsite']}/"]
    asked += [f"network/sectors/{places['sector']}/", "packages/?all=1"]
    kinds = "stale twice name nas reset clock ended aside".split()
    asked += ["problems/counts/", *(f"problems/?kind={kind}" for kind in kinds)]
    outages = Outage.objects.filter(ended_at=None).values_list("pk", flat=True)
    return [f"/data-accounts/{one}" for one in (*asked, *(f"outages/{pk}/" for pk in outages))]


def customers_list(browser: Client) -> Sequence[str]:
    """The list of customers with the user names of each, and what narrows it by data accounts."""
    asked = [f"data_kind={kind}" for kind in ("monthly", "prepaid", "none")]
    asked += [f"data_highsite={_places()['highsite']}"]
    return [f"/customers/?{one}" for one in ("all=1", *asked, *(f"{one}&sort=-code" for one in asked))]


def cards(browser: Client) -> Sequence[str]:
    """What the profile shows of data accounts, card by card; usage of a month and of a year."""
    codes = ["ALI001", *_codes()]
    asked = [f"/customers/{code}/widgets/{card}/" for code in codes for card in CARDS]
    return asked + [f"/customers/{code}/widgets/data-usage/?by=year" for code in codes]


def _codes() -> list[str]:
    found = DataAccount.objects.filter(state="active", pk__range=(5000, 5400)).order_by("pk")
    return list(found.values_list("customer__code", flat=True)[:300:100])


def _places() -> dict[str, int]:
    one = DataAccount.objects.filter(state="active", highsite__isnull=False).order_by("pk")[700]
    assert one.highsite_id
    assert one.sector_id
    return {
        "package": Package.objects.order_by("pk")[4].pk,
        "highsite": one.highsite_id,
        "sector": one.sector_id,
    }
