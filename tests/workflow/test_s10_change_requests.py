"""Safety 10, clause by clause: what a change request may hold, what accepting applies, and who is told."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction

from billing.models import Mandate, SubAccountMode
from billing.selectors import mandates as accounts
from billing.services import mandates
from customers.models import Contact, Customer
from customers.services import contacts, customers
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.models import AuditEvent
from herotill.secrets import decrypt, reencrypt
from tests.factories import make_customer, make_person
from tests.factories.changes import NOW, ask_change, new_account
from tests.factories.mandates import ABSA, OTHER_FNB, make_detail, make_mandate
from workflow.models import ChangeRequest
from workflow.selectors import change_requests as reading
from workflow.services import change_requests

pytestmark = pytest.mark.django_db
NEVER = "code group group_id billing_group price balance amount master master_id status state prepaid is_reseller".split()


@pytest.fixture
def alice():
    found = make_customer("Alice Liddel", "ALI001", contact={"email": "alice@example.com"})
    make_mandate(found)
    Customer.objects.filter(pk=found.pk).update(payment_method="debit_order")
    found.refresh_from_db()
    return found


@pytest.fixture
def greta():
    return make_person("Greta")


def accept(one, actor, **more):
    return change_requests.accept(request=one, actor=actor, now=NOW, **({"version": one.version} | more))


@pytest.mark.parametrize(
    "other",
    [
        {"number": ABSA},
        {"bank": "FNB / RMB", "number": OTHER_FNB},
        {"bank": "FNB / RMB", "number": "", "holder": "The March Hare"},
    ],
)
def test_s10_another_bank_account_or_holder_ends_the_mandate(alice, greta, other):
    bank = other.pop("bank", "Absa")
    one = ask_change(alice, "payment", **new_account(bank, **other))
    assert reading.ends_mandate(one)
    assert Mandate.objects.get().status == "active", "asking alone ends nothing"
    accept(one, greta)
    assert Mandate.objects.get().status == "cancelled"
    assert accounts.active([alice.pk]) == {}, "no line goes out until a new one is signed"
    with pytest.raises(DomainError):
        mandates.unblock(mandate=Mandate.objects.get(), actor=greta, now=NOW)


@pytest.mark.parametrize("kind", ["details", "payment", "conversion"])
@pytest.mark.parametrize("name", NEVER)
def test_s10_a_request_never_holds_what_is_not_on_its_list(alice, kind, name):
    with pytest.raises(DomainError, match="cannot be asked for"):
        ask_change(alice, kind, **{name: "1"})
    with pytest.raises(IntegrityError, match="change_request_asks_from_its_list"), transaction.atomic():
        ChangeRequest.objects.create(customer=alice, kind=kind, wanted={name: "1"})


def test_s10_accepting_applies_exactly_the_version_shown(alice, greta):
    one = ask_change(alice, surname="Hargreaves")
    shown = reading.comparison(one).shown
    ask_change(alice, surname="Hatter")
    with pytest.raises(change_requests.Stale, match="changed meanwhile"):
        accept(one, greta, version=1, shown=shown)
    with pytest.raises(change_requests.Stale):
        accept(one, greta, version=2, shown=shown)
    alice.refresh_from_db()
    assert alice.surname == "Liddel"
    one.refresh_from_db()
    accept(one, greta, shown=reading.comparison(one).shown)
    alice.refresh_from_db()
    assert alice.surname == "Hatter"


def test_s10_accepting_is_refused_where_what_stands_has_changed(alice, greta):
    one = ask_change(alice, surname="Hargreaves", phone="0821234567")
    shown = reading.comparison(one).shown
    contact = Contact.objects.get(customer=alice)
    contacts.change(contact=contact, values={"phone": "+27829998888"}, actor=greta)
    with pytest.raises(change_requests.Stale):
        accept(one, greta, shown=shown)
    with pytest.raises(change_requests.Stale):
        accept(one, greta)
    fresh = reading.comparison(one, looked_at=shown)
    assert fresh.moved == ["Contact tel"]
    told = {row.field.name: row.since_asked for row in fresh.rows}
    assert told["surname"] == ""
    assert told["phone"].startswith("083 000")
    accept(one, greta, shown=fresh.shown)
    contact.refresh_from_db()
    assert contact.phone == "+27821234567"


def test_s10_another_account_meanwhile_refuses_a_payment_request(alice, greta):
    one = ask_change(alice, "payment", **new_account())
    shown = reading.comparison(one).shown
    make_detail(alice, number=OTHER_FNB)
    with pytest.raises(change_requests.Stale):
        accept(one, greta, shown=shown)
    assert decrypt(accounts.current_detail(alice.pk).number.token) == OTHER_FNB
    accept(one, greta, shown=reading.comparison(one).shown)
    assert decrypt(accounts.current_detail(alice.pk).number.token) == ABSA


def told(template):
    return [one.address for one in Message.objects.filter(template=template).order_by("pk")]


def test_s10_the_old_address_is_told_when_asked_and_when_decided(alice, greta):
    one = ask_change(alice, email="thief@example.net")
    assert told(change_requests.ASKED) == ["alice@example.com"]
    accept(one, greta)
    assert told(change_requests.DECIDED) == ["alice@example.com"], "the address before it counted"
    words = " ".join(str(mail.context) for mail in Message.objects.all())
    assert "Contact email" in words
    assert "thief@example.net" not in words


def test_s10_who_was_told_at_first_is_told_again_though_the_contact_changed_between(alice, greta):
    one = ask_change(alice, email="new@example.com")
    contact = Contact.objects.get(customer=alice)
    contacts.change(contact=contact, values={"email": "staff.typed@example.com"}, actor=greta)
    change_requests.reject(request=one, why="Not she.", actor=greta, now=NOW)
    assert told(change_requests.DECIDED) == ["staff.typed@example.com", "alice@example.com"]


def test_s10_a_payment_request_tells_no_number(alice, greta):
    one = ask_change(alice, "payment", **new_account())
    accept(one, greta)
    assert told(change_requests.ASKED) == ["alice@example.com"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM workflow_changerequest r")
        kept = cursor.fetchone()[0]
    trail = " ".join(f"{one.old} {one.new}" for one in AuditEvent.objects.all())
    words = " ".join(str(mail.context) for mail in Message.objects.all())
    assert all(ABSA not in text for text in (kept, trail, words))
    one.refresh_from_db()
    assert not one.number, "decided, it is needed no more"
    assert "•••• 1815" in [row.wanted for row in reading.comparison(one).rows]


def test_s10_a_resellers_client_is_told_through_the_reseller(greta):
    reseller = make_customer(
        "Mad Hatter", "MAD001", is_reseller=True, contact={"email": "hatter@example.com"}
    )
    client = make_customer("Dor Mouse", "DOR001", contact={"email": "dor@example.com"}, master=reseller)
    SubAccountMode.objects.filter(customer=client).delete()
    SubAccountMode.objects.create(customer=client, mode=SubAccountMode.Mode.RESELLER, starts_on="2026-01-01")
    change_requests.reject(request=ask_change(client, surname="Rat"), why="No", actor=greta, now=NOW)
    assert {one.address for one in Message.objects.all()} == {"hatter@example.com"}


def test_s10_the_number_that_waits_comes_under_the_new_key(alice):
    one = ask_change(alice, "payment", **new_account())
    assert dict(reencrypt())  # goes over it without a next version
    one.refresh_from_db()
    assert (one.version, decrypt(one.number.token)) == (1, ABSA)


def test_s19_names_are_words_whatever_they_hold(alice, greta):
    for bad in ("Rab\tbit", "Rab\r\nBcc: x@example.com", "Rab\x00bit"):
        with pytest.raises(DomainError, match="control character"):
            ask_change(alice, surname=bad)
    one = ask_change(alice, surname="{{ 7*7 }} {name} <img src=http://x.example>")
    accept(one, greta)
    alice.refresh_from_db()
    assert alice.surname == "{{ 7*7 }} {name} <img src=http://x.example>"


@pytest.mark.django_db(transaction=True)
def test_s10_two_at_once_make_one_decision():
    dormouse = make_customer("Dor Mouse", "DOR001")
    first, second = make_person("Greta"), make_person("Henry")
    one = ask_change(dormouse, surname="Rat")
    said: list[str] = []
    together = threading.Barrier(2)

    def decide(who, deed):
        together.wait()
        try:
            deed(who)
            said.append("done")
        except DomainError as no:
            said.append(str(no))
        finally:
            close_old_connections()
            connection.close()

    deeds = (
        lambda who: change_requests.accept(request=one, version=1, actor=who, now=NOW),
        lambda who: change_requests.reject(request=one, why="No", actor=who, now=NOW),
    )
    threads = [
        threading.Thread(target=decide, args=pair) for pair in zip((first, second), deeds, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["This was decided or withdrawn already; somebody else was first.", "done"]
    assert Message.objects.filter(template=change_requests.DECIDED).count() == 1


def test_a_change_by_hand_between_look_and_decision_leaves_other_rows_alone(alice, greta):
    one = ask_change(alice, surname="Hargreaves")
    shown = reading.comparison(one).shown
    customers.update(customer=alice, changes={"vat_number": "4400000000"}, actor=greta)
    accept(one, greta, shown=shown)
    alice.refresh_from_db()
    assert (alice.surname, alice.vat_number) == ("Hargreaves", "4400000000")
