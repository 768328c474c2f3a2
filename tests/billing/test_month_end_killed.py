"""A month-end killed anywhere and run again, or run twice at once, bills what an undisturbed one bills."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Now

from billing.models import Document, Line, MonthEnd
from billing.selectors import month_end as reading
from billing.services import charging, month_end_runs
from herotill.models import Run
from tests.billing.chaos import BUSY, Chaos
from tests.factories import make_customer, make_person
from tests.factories.items import AUGUST, make_hold, make_item, make_month_end, signed
from tests.factories.products import make_product
from tests.house.workers import Workers

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = (month_end_runs.CHARGES, month_end_runs.DRAFTS, month_end_runs.ISSUE)
KILLS_A_STEP, CUSTOMERS, AT_ONCE = 8, 40, 4
THEIR_SESSIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name <> current_setting('application_name')
AND backend_type = 'client backend'
"""


@pytest.fixture
def month() -> MonthEnd:
    """Forty customers with whole months, parts of months, discounts, once-offs and holds; signed."""
    product = make_product("UNC10")
    for number in range(CUSTOMERS):
        one = make_customer(f"Client {chr(65 + number // 26)}{chr(65 + number % 26)}")
        make_item(one, product, starts_on=date(2018, 8, 1 + number % 9), discount=number % 3)
        if number % 4 == 0:
            make_item(one, product, once=True, starts_on=date(2018, 8, 12))
        if number % 7 == 0:
            make_hold(one, date(2018, 8, 20), date(2018, 8, 22))
    return signed(make_month_end(), make_person("Thabo", "billing.sign_preview"))


@pytest.fixture
def chaos(tmp_path) -> Iterator[Chaos]:
    environment = Workers(tmp_path).environment | {"RUN_LEASE_SECONDS": "1"}
    started = Chaos(environment)
    yield started
    started.end()


def billed() -> list[tuple[object, ...]]:
    """Every invoice with its number and lines, by what a customer would see of it."""
    lines: dict[int, list[tuple[object, ...]]] = {}
    for document, *line in Line.objects.order_by("item_id", "period", "part").values_list(
        "document", "item_id", "period", "text", "incl"
    ):
        lines.setdefault(document, []).append(tuple(line))
    found = Document.objects.order_by("number").values_list(
        "pk", "name", "customer__code", "incl", "due_date"
    )
    return [(*rest, lines.pop(pk)) for pk, *rest in found] + [tuple(lines)]


def undisturbed(month: MonthEnd) -> list[tuple[object, ...]]:
    """What a run bills that nothing disturbs; taken back again."""
    with transaction.atomic():
        for kind in KINDS:
            assert month_end_runs.perform(kind=kind, of=month, actor=None).state == "done"
        found = billed()
        transaction.set_rollback(True)
    assert not Document.objects.exists()
    return found


def let_go() -> None:
    """What a killed process held in the database is given back, and its time with the run is over."""
    with connection.cursor() as cursor:
        cursor.execute(THEIR_SESSIONS)
        while cursor.fetchone() != (0,):
            time.sleep(0.01)
            cursor.execute(THEIR_SESSIONS)
    Run.objects.filter(state__in=Run.HELD).update(lease_until=Now() - timedelta(seconds=1))


def test_killed_at_twenty_points_and_run_again_it_bills_the_same(month: MonthEnd, chaos: Chaos):
    expected = undisturbed(month)
    chance, kills = random.Random(822), 0
    order = {"do": "month_end", "month_end": month.pk, "at_once": AT_ONCE}
    for kind, latest in zip(KINDS, (30, 18, 60), strict=True):
        step = {**order, "kinds": [kind]}
        for _ in range(KILLS_A_STEP):
            (code,) = chaos.all_of({**step, "kill_at": chance.randint(4, latest)})
            assert code in (
                -9,
                1,
            )  # Killed; or refused, since a run that lost five workers is not tried again.
            kills += code == -9
            let_go()
        while chaos.all_of(step) != [0]:
            let_go()
    assert kills >= 20
    assert billed() == expected
    assert reading.standing(month).adds_up
    call_command("verify_ledger")


def test_two_runs_at_the_same_moment_are_one(month: MonthEnd, chaos: Chaos):
    expected = undisturbed(month)
    order = {"do": "month_end", "month_end": month.pk, "kinds": KINDS, "at_once": AT_ONCE}
    codes = chaos.all_of(order, order)
    assert set(codes) <= {0, BUSY}
    while chaos.all_of(order) != [0]:
        time.sleep(0.2)
    assert billed() == expected
    assert Run.objects.filter(kind=month_end_runs.CHARGES, state="done").exists()


def test_a_person_who_generates_while_the_run_goes_on_bills_nobody_twice(month: MonthEnd, chaos: Chaos):
    charges = sorted((line[0], line[1], line[3]) for *_, lines in undisturbed(month)[:-1] for line in lines)
    owners = [
        owner.id for owner in charging.reads.next_owners(after=0, group=None, month=AUGUST.first, limit=99)
    ]
    run = {"do": "month_end", "month_end": month.pk, "kinds": KINDS[:2], "at_once": AT_ONCE}
    person = {"do": "generate", "month": "2018-08-01", "customers": owners[::-1]}
    codes = chaos.all_of(run, person, person)
    assert codes[1:] == [0, 0]
    while chaos.all_of(run) != [0]:
        time.sleep(0.2)
    found = Line.objects.order_by("item_id", "period", "part").values_list("item_id", "period", "incl")
    assert sorted(found) == charges
    assert not Line.objects.filter(document=None).exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM billing_document d WHERE d.incl <> (SELECT sum(incl) FROM billing_line l"
            " WHERE l.document_id = d.id)"
        )
        assert cursor.fetchone()[0] == 0
