"""The demo's data accounts may be killed anywhere: begun anew they become what they would have been."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from dataaccounts.models import (
    DataAccount,
    Device,
    Nas,
    Outage,
    Package,
    PackageChange,
    Sector,
    Session,
    Topping,
    UsageDay,
)
from herotill.demo import DemoOrder, demo_parts
from tests.house.workers import database_url

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
ORDER = {"customers": 12, "months": 0, "seed": 7}
TODAY, NOW = date(2018, 8, 22), datetime(2018, 8, 22, 10, tzinfo=UTC)
LAST_PART = 28  # the outages; what comes after is others'
LATE = ("usage", "sessions")  # but for these, which wait until everybody has an account

# Children that make the demo, each dying before its n-th statement among those of data accounts.
PROGRAM = f"""
import json, os, signal
import django; django.setup()
from datetime import UTC, date, datetime
from django.db import connection
from herotill.demo import DemoOrder, demo_parts
ours = {{"packages", "routers and sectors", "data accounts", "usage", "sessions", "outages"}}
order = DemoOrder(**{ORDER!r}, today=date(2018, 8, 22), say=lambda text: None, now=datetime(2018, 8, 22, 10, tzinfo=UTC))
def make(dies_at):
    left, counts = [dies_at], [False]
    def count(execute, *arguments):
        left[0] -= counts[0]
        if dies_at and not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)
    connection.execute_wrappers.append(count)
    for part in demo_parts:
        counts[0] = part.name in ours
        if part.order <= {LAST_PART} or part.name in {LATE}:
            part.make(order)
codes = []
for number in (3, 9, 40, 60, 80, 110, 150, 200, 0):
    child = os.fork()
    if not child:
        make(number)
        os._exit(0)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(json.dumps(codes))
"""


def made() -> dict[str, Any]:
    """All of it that says something, in the order of names."""
    rows: dict[str, Any] = {
        "packages": Package.objects.values_list("name", "down_kbit", "allowance"),
        "routers": Nas.objects.values_list("name", "address"),
        "sectors": Sector.objects.values_list("name", "highsite__name"),
        "accounts": DataAccount.objects.values_list(
            "username", "customer__code", "package__name", "state", "prepaid", "starts_on"
        ),
        "changes": PackageChange.objects.values_list(
            "account__username", "takes_effect_on", "to_package__name"
        ),
        "toppings": Topping.objects.values_list("account__username", "octets", "starts_on"),
        "devices": Device.objects.values_list("account__username", "mac"),
        "usage": UsageDay.objects.values_list("account__username", "day", "download", "upload"),
        "sessions": Session.objects.values_list("username", "started_at", "stopped_at", "output_octets"),
        "outages": Outage.objects.values_list("headline", "starts_at"),
    }
    return {name: sorted(map(str, found.order_by())) for name, found in rows.items()}


def test_killed_anywhere_and_begun_anew_it_is_the_same() -> None:
    with transaction.atomic():
        for part in demo_parts:
            if part.order <= LAST_PART or part.name in LATE:
                part.make(DemoOrder(**ORDER, today=TODAY, say=lambda text: None, now=NOW))
        wanted = made()
        transaction.set_rollback(True)
    assert all(wanted.values())

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    codes = json.loads(done.stdout)
    assert codes[-1] == 0, done.stderr
    assert codes.count(-9) >= 4, codes
    assert made() == wanted
