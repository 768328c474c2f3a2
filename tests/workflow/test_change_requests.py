"""What customers ask to be changed: asked, looked at, accepted or rejected once, and kept."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from billing.models import DebitDetail, Mandate, PayerBank
from customers.models import Address, Contact, Customer
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.secrets import decrypt
from tests.factories import make_customer, make_person
from tests.factories.changes import NOW, ask_change, new_account
from tests.factories.mandates import ABSA, FNB, make_detail, make_mandate
from workflow.models import ChangeRequest
from workflow.policies import change_fields
from workflow.selectors import change_requests as reading
from workflow.services import change_requests

pytestmark = pytest.mark.django_db
State = ChangeRequest.State


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001", contact={"email": "alice@example.com"})


@pytest.fixture
def greta():
    return make_person("Greta")


def accept(one, actor, **more):
    return change_requests.accept(request=one, actor=actor, now=NOW, **({"version": one.version} | more))


def mails(template):
    found = Message.objects.filter(template=template).order_by("pk")
    return [(one.address, one.context) for one in found]


def test_details_are_asked_compared_and_accepted(alice, greta):
    one = ask_change(
        alice,
        surname="Hargreaves",
        email="Alice.H@Example.com",
        phone="082 123 4567",
        physical_lines="12 Protea Street",
        physical_town="Prince Albert",
        contact_name="Alice Liddel",
    )
    assert "contact_name" not in one.wanted, "what stands already is not asked for"
    compared = {row.field.name: row for row in reading.comparison(one).rows}
    assert (compared["surname"].current, compared["surname"].wanted) == ("Liddel", "Hargreaves")
    assert compared["phone"].wanted == "082 123 4567"

    done = accept(one, greta)
    alice.refresh_from_db()
    home = Address.objects.get(customer=alice, kind="physical")
    assert (alice.name, alice.code, alice.contact_email) == (
        "Alice Hargreaves",
        "ALI001",
        "alice.h@example.com",
    )
    assert (home.lines, home.town) == ("12 Protea Street", "Prince Albert")
    assert (done.state, done.decided_by, done.decided_at) == (State.ACCEPTED, greta, NOW)
    assert Contact.objects.get(customer=alice).email_verified_at is None


def test_an_address_that_is_there_changes_where_it_is_asked_to(alice, greta):
    Address.objects.create(customer=alice, kind="postal", lines="PO Box 7", town="Laingsburg")
    accept(ask_change(alice, postal_lines="PO Box 8"), greta)
    post = Address.objects.get(customer=alice, kind="postal")
    assert (post.lines, post.town) == ("PO Box 8", "Laingsburg")


def test_an_individual_becomes_a_company_and_keeps_the_code(alice, greta):
    Customer.objects.filter(pk=alice.pk).update(id_number="8001015009087")
    with pytest.raises(DomainError, match="A company needs its name"):
        ask_change(alice, "conversion", contact_name="Alice Liddel")
    one = ask_change(
        alice,
        "conversion",
        company_name="Rabbit Holes",
        registration_number="2018/123456/07",
        vat_number="4400000000",
    )
    accept(one, greta)
    alice.refresh_from_db()
    assert (alice.kind, alice.name, alice.code) == ("company", "Rabbit Holes", "ALI001")
    assert (alice.surname, alice.registration_number) == ("", "2018/123456/07")
    assert alice.id_number == "8001015009087", "whose company it is stays known"


def test_a_company_becomes_an_individual_without_what_only_companies_have(greta):
    shop = make_customer("Karoo Shop", "KAR001", kind="company", vat_number="4400000000")
    with pytest.raises(DomainError, match="An individual needs a name"):
        ask_change(shop, "conversion", id_number="8001015009087")
    accept(ask_change(shop, "conversion", first_names="Bob", surname="Roux", contact_name="Bob Roux"), greta)
    shop.refresh_from_db()
    assert (shop.kind, shop.name, shop.company_name, shop.vat_number) == ("individual", "Bob Roux", "", "")


def test_another_payment_method_is_set_and_the_account_stays(alice, greta):
    make_mandate(alice)
    Customer.objects.filter(pk=alice.pk).update(payment_method="debit_order")
    one = ask_change(alice, "payment", method="eft", bank="nonsense")
    assert one.wanted == {"method": "eft"}
    accept(one, greta)
    alice.refresh_from_db()
    assert (alice.payment_method, Mandate.objects.get().status) == ("eft", "active")


def test_a_debit_order_is_asked_for_with_its_account(alice, greta):
    with pytest.raises(DomainError, match="Give the account number"):
        ask_change(alice, "payment", **new_account(number=""))
    with pytest.raises(DomainError, match="fails the rule of FNB"):
        ask_change(alice, "payment", **new_account("FNB / RMB", number="62194875740"))
    with pytest.raises(DomainError, match="six digits"):
        ask_change(alice, "payment", **new_account(branch_code="12345"))
    with pytest.raises(DomainError, match="Choose one of the banks"):
        ask_change(alice, "payment", **new_account() | {"bank": "999999"})
    one = ask_change(alice, "payment", **new_account() | {"branch_code": ""})
    assert one.wanted["branch_code"] == PayerBank.objects.get(name="Absa").branch_code, "the bank's own"
    accept(one, greta)
    held = DebitDetail.objects.get(customer=alice)
    alice.refresh_from_db()
    assert (held.bank.name, decrypt(held.number.token), held.debit_day) == ("Absa", ABSA, 25)
    assert (alice.payment_method, held.made_by) == ("debit_order", greta), (
        "who accepted may not release (safety 4)"
    )


def test_another_debit_day_alone_keeps_the_mandate(alice, greta):
    make_mandate(alice)
    Customer.objects.filter(pk=alice.pk).update(payment_method="debit_order")
    same = new_account("FNB / RMB", number="", debit_day="1")
    one = ask_change(alice, "payment", **same)
    assert not reading.ends_mandate(one)
    accept(one, greta)
    mandate = Mandate.objects.get()
    assert (mandate.status, mandate.debit_day) == ("active", 1)


def test_nothing_is_asked_where_nothing_would_change(alice):
    with pytest.raises(DomainError, match="Nothing would change"):
        ask_change(alice, surname="Liddel")
    make_detail(alice)
    Customer.objects.filter(pk=alice.pk).update(payment_method="debit_order")
    with pytest.raises(DomainError, match="Nothing would change"):
        ask_change(alice, "payment", **new_account("FNB / RMB", number=FNB))


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"email": "not an address"}, "cannot be an email"),
        ({"email": ""}, "Contact email is missing"),
        ({"phone": "12"}, "cannot be a phone"),
        ({"first_names": "", "surname": ""}, "needs a name"),
        ({"company_name": "Shop"}, "cannot be asked for"),
        ({"surname": "x" * 201}, "longer than 200"),
    ],
)
def test_a_value_that_cannot_be_is_refused_when_it_is_asked_for(alice, wanted, why):
    with pytest.raises(DomainError, match=why):
        ask_change(alice, **wanted)
    assert not ChangeRequest.objects.exists()


def test_staff_say_what_shows_that_the_customer_wants_it(alice, greta):
    with pytest.raises(DomainError, match="Say what shows"):
        ask_change(alice, surname="Hargreaves", actor=greta)
    one = ask_change(alice, surname="Hargreaves", actor=greta, document="Marriage certificate")
    assert (one.origin, one.asked_by, one.document) == ("staff", greta, "Marriage certificate")
    assert ask_change(make_customer("Bob Roux", "BOB001"), surname="Marais").origin == "portal"


def test_asking_anew_makes_the_next_version_of_what_waits(alice, greta):
    one = ask_change(alice, surname="Hargreaves")
    again = ask_change(alice, surname="Hatter")
    other = ask_change(alice, "payment", method="cash")
    assert (again.pk, again.version, again.wanted) == (one.pk, 2, {"surname": "Hatter"})
    assert other.pk != one.pk, "one of each kind may wait"
    with pytest.raises(change_requests.Stale):
        accept(one, greta, version=1)
    accept(again, greta)
    assert ask_change(alice, surname="March").pk != one.pk, "the next begins anew"


def test_rejecting_needs_a_reason_and_changes_nothing(alice, greta):
    one = ask_change(alice, surname="Hargreaves")
    with pytest.raises(DomainError, match="Say why"):
        change_requests.reject(request=one, why="  ", actor=greta, now=NOW)
    done = change_requests.reject(request=one, why="No certificate.", actor=greta, now=NOW)
    alice.refresh_from_db()
    assert (done.state, done.why, alice.surname) == (State.REJECTED, "No certificate.", "Liddel")


def test_withdrawing_changes_nothing(alice):
    one = ask_change(alice, surname="Hargreaves")
    done = change_requests.withdraw(request=one, actor=None, now=NOW)
    alice.refresh_from_db()
    assert (done.state, alice.surname) == (State.WITHDRAWN, "Liddel")


def test_it_is_decided_once(alice, greta):
    one = ask_change(alice, surname="Hargreaves")
    accept(one, greta)
    for again in (
        lambda: accept(one, greta),
        lambda: change_requests.reject(request=one, why="Too late", actor=greta, now=NOW),
        lambda: change_requests.withdraw(request=one, actor=None, now=NOW),
    ):
        with pytest.raises(DomainError, match="somebody else was first"):
            again()


def refused(statement, *given):
    with pytest.raises(IntegrityError) as trouble, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given)
    return trouble.value.__cause__.diag.constraint_name


CHANGE = "UPDATE workflow_changerequest SET {} WHERE id = %s"


def test_the_database_keeps_what_was_decided(alice, greta):
    one = ask_change(alice, surname="Hargreaves")
    waiting = (
        ('wanted = \'{"surname": "Nkosi"}\'', "change_request_has_versions"),
        ("kind = 'payment', version = 2", "change_request_has_versions"),
        (
            "state = 'accepted', decided_at = now(), wanted = '{\"surname\": \"Nkosi\"}'",
            "change_request_is_decided_as_asked",
        ),
        ("state = 'accepted'", "decided_change_has_its_time"),
        ("state = 'lost', decided_at = now()", "change_request_state_known"),
        ("state = 'rejected', decided_at = now()", "rejected_change_says_why"),
    )
    for change, why in waiting:
        assert refused(CHANGE.format(change), one.pk) == why, change
    accept(one, greta)
    for change in (
        "state = 'waiting', decided_at = NULL",
        "state = 'rejected', why = 'No'",
        "why = 'Really'",
    ):
        assert refused(CHANGE.format(change), one.pk) == "change_request_is_decided_once"
    assert refused("DELETE FROM workflow_changerequest WHERE id = %s", one.pk) == "change_requests_are_kept"


def test_code_and_database_know_the_same_fields():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'change_request_asks_from_its_list'"
        )
        text = cursor.fetchone()[0]
    for kind, fields in change_fields.FIELDS.items():
        names = [one.name for one in fields] + (["number"] if kind == "payment" else [])
        assert "{" + ",".join(names) + "}" in text, kind


def test_one_request_of_a_kind_waits(alice):
    one = ask_change(alice, surname="Hargreaves")
    copy = "INSERT INTO workflow_changerequest (customer_id, kind, origin) VALUES (%s, 'details', 'portal')"
    assert refused(copy, alice.pk) == "one_waiting_change_of_a_kind"
    assert refused(copy.replace("kind,", "state, kind,").replace("(%s,", "(%s, 'accepted',"), alice.pk) == (
        "change_request_begins_by_waiting"
    )
    assert one.state == State.WAITING
