"""The collectors' desk: who is called first, one screen to call from, save and next, the report."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from billing.models import CallScript, Debtor, DebtorNote, Promise, SuspensionCase
from billing.policies import scripts
from billing.selectors import collecting
from billing.services import call_scripts, calls, debtor_notes, promises, receipts, work_list
from customers.models import BillingGroup, Customer
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.models import Export
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.people import client_of, in_role

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
TODAY = date(2018, 8, 22)
RIGHTS = (
    "customers.view_customer",
    "billing.view_debtor",
    "billing.view_debtornote",
    "billing.add_debtornote",
    "billing.add_promise",
    "billing.view_promise",
)
DESK = "/billing/collections/"


def owing(name: str, code: str, amount: str = "454.00", day: date = date(2018, 8, 1), **fields) -> Customer:
    customer = make_customer(name, code, **fields)
    make_invoice(customer, amount, day)
    return customer


def order() -> list[str]:
    return list(Debtor.objects.order_by("-score", "pk").values_list("customer__code", flat=True))


def row(customer: Customer) -> Debtor:
    return Debtor.objects.get(customer=customer)


def called(customer: Customer, **more) -> DebtorNote:
    given = {"text": "Spoke to them", "way": "call", "now": NOW} | more
    return calls.save(customer=customer, actor=given.pop("actor", None) or make_person("Thabo"), **given)


def test_oldest_largest_broken_promises_and_unpaids_come_first_and_due_actions_before_all():
    small = owing("Sam Small", "SAM001", "100.00")
    large = owing("Lea Large", "LEA001", "4000.00")
    old = owing("Otto Old", "OTT001", day=date(2017, 9, 1))
    unpaid = owing("Una Unpaid", "UNA001")
    receipts.reverse(
        receipt=make_receipt(unpaid), day=TODAY, reason="Not provided for", code="02", actor=None
    )
    broken = owing("Ben Broken", "BEN001")
    Promise.objects.create(
        customer=broken, amount=1, by_day=TODAY, made_on=TODAY, state="broken", decided_on=TODAY
    )
    planned = owing("Pia Planned", "PIA001", "60.00")
    debtor_notes.add(customer=planned, text="Call back", next_on=TODAY, now=NOW, actor=None)
    make_customer("Alice Liddel", "ALI001")

    assert work_list.renew(now=NOW) == 6
    assert order() == ["PIA001", "BEN001", "OTT001", "UNA001", "LEA001", "SAM001"]
    assert (row(old).oldest, row(large).overdue, row(unpaid).unpaid) == (
        date(2017, 9, 1),
        Decimal("4000.00"),
        1,
    )
    assert row(small).waits is False


def test_who_was_called_today_promised_or_is_to_be_called_later_waits():
    spoken, promised, later = (owing(f"Carol {n}", f"CAR00{n}") for n in (1, 2, 3))
    called(spoken)
    promises.make(customer=promised, amount=Decimal(100), by_day=TODAY, now=NOW, actor=None)
    debtor_notes.add(
        customer=later, text="After payday", next_on=TODAY + timedelta(days=3), now=NOW, actor=None
    )
    assert [row(one).waits for one in (spoken, promised, later)] == [True, True, True]

    work_list.renew(now=NOW + timedelta(days=3))
    assert [row(one).waits for one in (spoken, promised, later)] == [False, False, False]


def test_who_has_paid_leaves_the_list_and_a_due_action_alone_keeps_a_customer_on_it():
    bob, carol = owing("Bob Baker", "BOB001"), make_customer("Carol Cook", "CAR001")
    debtor_notes.add(customer=carol, text="Send her the contract", next_on=TODAY, now=NOW, actor=None)
    work_list.renew(now=NOW)
    assert order() == ["CAR001", "BOB001"]
    make_receipt(bob)
    work_list.renew(now=NOW + timedelta(minutes=5))
    assert order() == ["CAR001"]


def test_working_the_list_out_takes_as_many_questions_for_many_as_for_one(django_assert_num_queries):
    owing("Bob 0", "BOB100")
    work_list.renew(now=NOW)
    with connection.execute_wrapper(_count := Counting()):
        work_list.renew(now=NOW)
    for number in range(12):
        owing(f"Bob {number}", f"BOB{number:03}")
    with django_assert_num_queries(_count.number):
        assert work_list.renew(now=NOW + timedelta(minutes=5)) == 13


class Counting:
    number = 0

    def __call__(self, execute, *args):
        self.number += 1
        return execute(*args)


def test_the_desk_lists_filters_and_exports(django_assert_max_num_queries):
    group = BillingGroup.objects.create(name="Netcash Run 1")
    bob = owing("Bob Baker", "BOB001", billing_group=group)
    owing("Carol Cook", "CAR001", "1200.00")
    thabo = make_person("Thabo", *RIGHTS, "billing.export_debtors", "billing.assign_collector")
    client = client_of(thabo)
    work_list.renew(now=NOW)
    with django_assert_max_num_queries(16):
        page = client.get(f"{DESK}?all=1").content.decode()
    assert "Bob Baker" in page
    assert "R 1,200.00" in page
    assert "Start calling" in page

    def shown(query: str) -> list[bool]:
        body = client.get(f"{DESK}?{query}").content.decode()
        return ["Bob Baker" in body, "Carol Cook" in body]

    assert shown(f"billing_group={group.pk}") == [True, False]
    assert shown("amount_min=1000") == [False, True]
    assert shown("days=9000") == [False, False]
    assert shown("why=broken") == [False, False]
    assert shown("q=car") == [False, True]
    sent = {"ids": [bob.pk], "collector": thabo.pk, "_given": "1"}
    assert client.post(f"{DESK}list/bulk/assign/", sent).status_code == 302
    assert shown(f"collector={thabo.pk}") == [True, False]
    assert shown("collector=none") == [False, True]
    assert client.post(f"{DESK}list/export/?all=1", {"format": "csv"}).status_code in (200, 302)
    assert Export.objects.filter(list_name="desk").exists()


def test_the_list_asks_as_much_for_many_as_for_few(django_assert_max_num_queries):
    client = client_of(make_person("Thabo", *RIGHTS))
    for number in range(40):
        owing(f"Bob {number}", f"BOB{number:03}")
    work_list.renew(now=NOW)
    with django_assert_max_num_queries(16):
        assert client.get(f"{DESK}?all=1").status_code == 200


def test_one_screen_to_call_from_tells_all_in_few_questions(django_assert_max_num_queries):
    bob = owing("Bob Baker", "BOB001", day=date(2018, 5, 1))
    for number in range(20):
        make_invoice(bob, "100.00", date(2018, 6, 1) + timedelta(days=number))
    make_receipt(bob, "50.00")
    debtor_notes.add(customer=bob, text="Wants the June invoice again", way="call", now=NOW, actor=None)
    SuspensionCase.objects.create(
        customer=bob, state="warned", opened_on=TODAY, counts_from=TODAY, overdue=Decimal(454)
    )
    rights = (*RIGHTS, "billing.add_dispute", "billing.issue_write_offs", "customers.see_customer_balance")
    client = client_of(make_person("Thabo", *rights))
    work_list.renew(now=NOW)
    client.get(f"{DESK}BOB001/")
    with django_assert_max_num_queries(23):
        page = client.get(f"{DESK}bob001/").content.decode()
    for word in (
        "INV",
        "Wants the June invoice again",
        "Warned",
        "Script: Warned",
        "Save and next",
        "recovery=ceased",
    ):
        assert word in page
    assert "Good day, this is Thabo" in page
    assert "R 2,404.00" in page
    assert "9 more stand" in page


def test_a_call_is_noted_in_one_go_and_the_next_one_opens():
    bob, carol = owing("Bob Baker", "BOB001", "900.00"), owing("Carol Cook", "CAR001", "100.00")
    thabo = make_person("Thabo", *RIGHTS)
    client = client_of(thabo)
    work_list.renew(now=datetime.now(UTC))
    begun = client.post(f"{DESK}next/")
    assert begun.headers["Location"] == f"{DESK}BOB001/"
    assert row(bob).taken_by == thabo

    day = local_day(datetime.now(UTC)) + timedelta(days=2)
    sent = {
        "text": "Pays on Friday",
        "way": "call",
        "amount": "454.00",
        "by_day": day,
        "next_on": day,
        "then": "next",
    }
    assert client.post(f"{DESK}BOB001/", sent).headers["Location"] == f"{DESK}CAR001/"
    note, promise = bob.debtor_notes.get(), bob.promises.get()
    assert (note.text, note.next_on, note.author) == ("Pays on Friday", day, thabo)
    assert (promise.amount, promise.by_day, promise.made_by) == (Decimal("454.00"), day, thabo)
    assert (row(bob).waits, row(bob).taken_by, row(carol).taken_by) == (True, None, thabo)

    last = client.post(f"{DESK}CAR001/", {"text": "No answer", "way": "call", "then": "next"}, follow=True)
    assert "Nobody is left to call" in last.content.decode()


def test_next_keeps_to_the_filters_and_skips_on():
    group = BillingGroup.objects.create(name="Netcash Run 1")
    for number, amount in enumerate(("900.00", "700.00", "500.00")):
        owing(f"Bob {number}", f"BOB00{number}", amount, billing_group=group)
    owing("Carol Cook", "CAR001", "9000.00")
    work_list.renew(now=datetime.now(UTC))
    client, query = client_of(make_person("Thabo", *RIGHTS)), f"billing_group={group.pk}"
    went = [client.post(f"{DESK}next/?{query}").headers["Location"]]
    for code in ("BOB000", "BOB001", "BOB002"):
        went.append(client.post(f"{DESK}next/?{query}", {"after": code}).headers["Location"])
    assert went == [f"{DESK}BOB00{n}/?{query}" for n in (0, 1, 2, 0)]


def test_what_cannot_be_saved_is_told_at_its_field_and_nothing_is_lost():
    owing("Bob Baker", "BOB001")
    client = client_of(make_person("Thabo", *RIGHTS))
    for sent, told in (
        ({"way": "call", "amount": "100"}, "A promise is an amount and a day"),
        ({"way": "call", "text": "Spoke", "amount": "100", "by_day": "2018-01-01"}, "A promise is for today"),
        ({"way": "call", "text": "Spoke", "next_on": "2018-01-01"}, "today or later"),
    ):
        got = client.post(f"{DESK}BOB001/", sent | {"then": "next"})
        page = got.content.decode()
        assert (got.status_code, told in page) == (422, True)
        assert all(value in page for value in sent.values())
    assert not DebtorNote.objects.exists()
    assert not Promise.objects.exists()


def test_dora_without_the_right_has_no_desk_and_eva_may_look_but_not_note():
    owing("Bob Baker", "BOB001")
    dora = client_of(make_person("Dora", "customers.view_customer"))
    assert [dora.get(url).status_code for url in (DESK, f"{DESK}BOB001/")] == [403, 403]
    eva = client_of(make_person("Eva", *RIGHTS[:3]))
    assert eva.get(f"{DESK}BOB001/").status_code == 200
    got = eva.post(f"{DESK}BOB001/", {"text": "Hello", "way": "call", "then": "stay"})
    assert got.status_code == 422
    assert not DebtorNote.objects.exists()


def test_a_collector_sits_at_the_desk_by_role():
    owing("Bob Baker", "BOB001")
    client = client_of(in_role("Thabo", "collections"))
    work_list.renew(now=NOW)
    assert "Bob Baker" in client.get(f"{DESK}?all=1").content.decode()
    assert "Customers to call" in client.get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_collectors_at_once_get_two_customers():
    for number in range(2):
        owing(f"Bob {number}", f"BOB00{number}")
    work_list.renew(now=NOW)
    people = [make_person("Thabo"), make_person("Greta")]

    def take(person) -> int | None:
        try:
            found = work_list.take_next(rows=Debtor.objects.all(), now=NOW, actor=person)
            return found.pk if found else None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert len({one.result() for one in [both.submit(take, person) for person in people]}) == 2
    assert work_list.take_next(rows=Debtor.objects.all(), now=NOW, actor=make_person("Hugo")) is None


def test_a_script_fits_the_situation_and_fills_its_fields_once():
    fits = {
        scripts.Standing(case="suspended", promised=True): "suspended",
        scripts.Standing(promised=True, broken=True): "promised",
        scripts.Standing(broken=True, unpaid=True): "broken",
        scripts.Standing(unpaid=True, disputed=True): "unpaid",
        scripts.Standing(disputed=True, case="warned"): "disputed",
        scripts.Standing(case="warned_twice"): "warned",
        scripts.Standing(): "overdue",
        scripts.Standing(overdue=False): "nothing",
    }
    assert {standing: scripts.situation(standing) for standing in fits} == fits
    assert (
        scripts.said("{name} owes {amount}", {"name": "{amount}", "amount": "R 1.00"})
        == "{amount} owes R 1.00"
    )


def test_s19_scripts_know_only_their_fields_and_come_back_as_they_were():
    client = client_of(make_person("Greta", "billing.view_callscript", "billing.change_callscript"))
    texts = call_scripts.texts()
    bad = client.post(f"{DESK}scripts/", texts | {"overdue": "{password} {{ 7*7 }}"})
    assert bad.status_code == 422
    assert "There is no field {password} here" in bad.content.decode()
    with pytest.raises(DomainError, match="There is no field"):
        call_scripts.save(texts={"overdue": "{password}"})

    assert client.post(f"{DESK}scripts/", texts | {"overdue": "Hello {name}"}).status_code == 302
    assert CallScript.objects.get().text == "Hello {name}"
    client.post(f"{DESK}scripts/", texts | {"overdue": ""})
    assert not CallScript.objects.exists()
    dora = client_of(make_person("Dora", "billing.view_callscript"))
    dora.post(f"{DESK}scripts/", texts | {"overdue": "Mine"})
    assert not CallScript.objects.exists()


def test_the_report_tells_who_took_which_promises_and_what_came_after_a_contact():
    thabo, greta = make_person("Thabo"), make_person("Greta")
    bob, carol, dan = (
        owing(name, code)
        for name, code in (("Bob Baker", "BOB001"), ("Carol Cook", "CAR001"), ("Dan Dyer", "DAN001"))
    )
    called(bob, actor=greta, now=NOW - timedelta(days=3))
    called(bob, actor=thabo, amount=Decimal("454.00"), by_day=TODAY)
    called(carol, actor=thabo, amount=Decimal("100.00"), by_day=TODAY)
    called(dan, actor=greta, now=NOW - timedelta(days=20))
    for customer, amount in ((bob, "454.00"), (dan, "454.00")):
        make_receipt(customer, amount, TODAY)
    back = make_receipt(carol, "100.00", TODAY)
    receipts.reverse(receipt=back, day=TODAY, reason="Unpaid", code="02", actor=None)
    promises.decide(day=date(2018, 8, 27))

    found = collecting.by_collector(
        first=date(2018, 8, 1), last=date(2018, 8, 31), zone="Africa/Johannesburg"
    )
    assert [tuple(one) for one in found] == [
        ("Thabo", 2, 2, 1, 1, 0, Decimal("554.00"), Decimal("454.00"), Decimal("454.00")),
        ("Greta", 2, 0, 0, 0, 0, Decimal("0.00"), Decimal("0.00"), Decimal("0.00")),
    ]
    work_list.renew(now=NOW)
    assert next((one.label, one.customers) for one in collecting.ages(day=TODAY)) == ("up to 29 days", 1)

    client = client_of(make_person("Hugo", "billing.view_debtor"))
    days = "first=2018-08-01&last=2018-08-31"
    page = client.get(f"/reports/collecting/?{days}").content.decode()
    assert "Thabo" in page
    assert "<svg" in page
    assert "R 554.00" in page
    got = client.get(f"/reports/collecting/?{days}&format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(got.streaming_content).decode("utf-8-sig"))))
    assert (rows[0]["Collector"], rows[0]["Kept"], rows[0]["Came in after a contact"]) == (
        "Thabo",
        "1",
        "454.00",
    )
    book = client.get(f"/reports/collecting/?{days}&format=xlsx")
    assert b"".join(book.streaming_content)[:2] == b"PK"
    assert client_of(make_person("Dora")).get("/reports/collecting/").status_code == 403
