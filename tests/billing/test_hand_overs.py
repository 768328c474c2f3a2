"""Handing debts over to an external collector: the file, the record, and taking them back."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from billing.models import Debtor, HandOver, SuspensionRules
from billing.selectors import hand_overs as reading
from billing.selectors.suspensions import facts as suspensions_facts
from billing.services import hand_overs, work_list
from customers.models import Address, Customer
from herotill.errors import DomainError
from herotill.models import Export
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
AGENCY = "Botha & Nel Attorneys"
RIGHTS = "customers.view_customer", "billing.view_debtor", "billing.view_handover", "billing.hand_over"
FILE = "/billing/collections/hand-overs/file/"


@pytest.fixture
def bob() -> Customer:
    customer = make_customer("Bob Baker", "BOB001", id_number="8001015009087")
    Address.objects.create(customer=customer, kind="physical", lines="1 Kerk St", town="Prince Albert")
    make_invoice(customer, "454.00", date(2018, 5, 1))
    make_invoice(customer, "454.00", date(2018, 6, 1))
    make_receipt(customer, "100.00", date(2018, 6, 20))
    return customer


def hand(*customers: Customer) -> list[HandOver]:
    return hand_overs.make(customers=[one.pk for one in customers], collector=AGENCY, now=NOW, actor=None)


def test_what_bob_owes_is_handed_over_once_and_he_leaves_the_list(bob):
    alice = make_customer("Alice Liddel", "ALI001")
    work_list.renew(now=NOW)
    assert [(one.customer, one.amount) for one in hand(bob, alice)] == [(bob, Decimal("808.00"))]
    assert (hand(bob), reading.open([bob.pk, alice.pk])) == ([], {bob.pk})
    work_list.renew(now=NOW)
    assert not Debtor.objects.exists()


def test_the_profile_and_the_call_screen_say_who_collects(bob):
    hand(bob)
    rights = (*RIGHTS, "billing.issue_write_offs", "billing.view_document", "billing.view_promise")
    thabo = client_of(make_person("Thabo", *rights))
    said = "Botha &amp; Nel Attorneys collects R 808.00 since 2018-08-22"
    assert said in thabo.get("/customers/BOB001/").content.decode()
    assert "write-off/?recovery=handed_over" in thabo.get("/billing/collections/BOB001/").content.decode()
    form = thabo.get("/billing/customers/BOB001/write-off/?recovery=handed_over").content.decode()
    assert re.search(r'value="handed_over"[^>]* checked', form)


def test_taken_back_he_stands_on_the_list_again(bob):
    (made,) = hand(bob)
    hand_overs.take_back(hand_over=made, reason="They could not find him", now=NOW, actor=None)
    assert Debtor.objects.get().customer == bob
    assert (HandOver.objects.get().back_why, reading.open([bob.pk])) == ("They could not find him", set())
    with pytest.raises(DomainError, match="back already"):
        hand_overs.take_back(hand_over=made, reason="Again", now=NOW, actor=None)
    assert len(hand(bob)) == 1


def test_whom_an_external_collector_works_on_is_neither_warned_nor_suspended_by_us(bob):
    SuspensionRules.objects.update(enabled=True)
    now = datetime(2018, 8, 22, 8, tzinfo=UTC)

    def next_deed() -> str | None:
        (planned,) = suspensions_facts.plan(day=now.date(), now=now, customers=[bob.pk])
        return planned.deed

    assert next_deed() == "list"
    (made,) = hand(bob)
    assert next_deed() is None
    hand_overs.take_back(hand_over=made, reason="Not found", now=NOW, actor=None)
    assert next_deed() == "list"


def test_a_collector_is_named(bob):
    with pytest.raises(DomainError, match="who collects"):
        hand_overs.make(customers=[bob.pk], collector=" ", now=NOW, actor=None)


def test_the_database_keeps_hand_overs_as_they_were(bob):
    (made,) = hand(bob)
    with pytest.raises(IntegrityError, match="taken back once"), transaction.atomic():
        HandOver.objects.update(amount=Decimal("1.00"))
    with pytest.raises(IntegrityError, match="taken back, never deleted"), transaction.atomic():
        HandOver.objects.filter(pk=made.pk).delete()
    with pytest.raises(IntegrityError, match="handed_over_once"), transaction.atomic():
        HandOver.objects.create(
            customer=bob, collector=AGENCY, amount=Decimal("1.00"), handed_on=made.handed_on
        )


def test_the_file_has_what_an_agency_needs_and_is_recorded(bob):
    hand(bob)
    thabo = make_person("Thabo", *RIGHTS, "customers.see_id_numbers")
    got = client_of(thabo).get(f"{FILE}?format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(got.streaming_content).decode("utf-8-sig"))))

    assert [(row["Account code"], row["Open"], row["Last paid"]) for row in rows] == [
        ("BOB001", "354.00", "100.00"),
        ("BOB001", "454.00", "100.00"),
    ]
    assert rows[0]["Address"] == "1 Kerk St, Prince Albert"
    assert rows[0]["ID or registration number"] == "8001015009087"
    export = Export.objects.get()
    assert (export.list_name, export.person, export.rows) == ("hand-overs", thabo, 2)
    assert "attachment" in got.headers["Content-Disposition"]


def test_the_workbook_says_the_same_and_hides_numbers_from_who_may_not_see_them(bob):
    hand(bob)
    got = client_of(make_person("Thabo", *RIGHTS)).get(f"{FILE}?format=xlsx")
    rows = list(load_workbook(io.BytesIO(b"".join(got.streaming_content))).active.iter_rows(values_only=True))
    assert (len(rows), rows[1][0], rows[1][3] or "") == (3, "BOB001", "")


def test_s22_a_large_file_needs_a_right_of_its_own(bob, settings):
    hand(bob)
    settings.EXPORT_ROWS_WITHOUT_RIGHT = 1
    one, two = make_person("Thabo", *RIGHTS), make_person("Greta", *RIGHTS, "billing.export_handovers")
    assert client_of(one).get(f"{FILE}?format=csv").status_code == 403
    assert client_of(two).get(f"{FILE}?format=csv").status_code == 200


def test_customers_are_handed_over_from_the_desk_with_a_preview_and_taken_back(bob):
    work_list.renew(now=NOW)
    thabo = client_of(make_person("Thabo", *RIGHTS))
    bulk = "/billing/collections/list/bulk/hand-over/"
    sent = {"ids": [bob.pk], "collector": AGENCY, "_given": "1"}
    assert "Hand over 1 customer" in thabo.get(bulk, sent).content.decode()
    assert thabo.post(bulk, sent).status_code == 302
    made = HandOver.objects.get()
    assert (made.collector, made.handed_by.name) == (AGENCY, "Thabo")
    assert (
        AGENCY.replace("&", "&amp;")
        in thabo.get("/billing/collections/hand-overs/?back=false").content.decode()
    )

    back = "/billing/collections/hand-overs/list/bulk/take-back/"
    assert thabo.post(back, {"ids": [made.pk], "reason": "Paid us", "_given": "1"}).status_code == 302
    assert HandOver.objects.get().back_why == "Paid us"


def test_dora_without_the_right_hands_nothing_over_and_gets_no_file(bob):
    work_list.renew(now=NOW)
    dora = client_of(make_person("Dora", *RIGHTS[:3]))
    sent = {"ids": [bob.pk], "collector": AGENCY, "_given": "1"}
    assert dora.post("/billing/collections/list/bulk/hand-over/", sent).status_code == 403
    assert dora.get(f"{FILE}?format=csv").status_code == 403
    assert not HandOver.objects.exists()
