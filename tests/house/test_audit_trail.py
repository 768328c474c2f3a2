"""What people read of the audit: in words, newest first, and only what they may see."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from customers.models import BillingGroup, Contact, CustomerGroup, CustomerNote
from herotill import audit
from herotill.models import AuditEvent
from herotill.users.models import User
from tests.factories import make_customer, make_person
from tests.sampleapp.models import Gadget, Safe

pytestmark = pytest.mark.django_db
READER = ("customers.view_customer", "customers.view_contact", "sampleapp.view_gadget", "sampleapp.view_safe")


@pytest.fixture
def dora() -> User:
    return make_person("Dora", *READER)


def test_choices_foreign_keys_lists_dates_and_money_are_told_in_words(dora: User) -> None:
    customer = make_customer("Alice Liddel", code="ALI001")
    front, back = Safe.objects.create(name="Front safe"), Safe.objects.create(name="Back safe")
    gadget = Gadget.objects.create(customer=customer, name="Router", safe=front, bought_on=date(2026, 3, 1))
    Gadget.objects.filter(pk=gadget.pk).update(safe=back, size="l", bought_on=None)
    (entry, added, *_) = audit.trail(viewer=dora, customer_id=customer.pk).entries
    assert (entry.what, entry.verb) == ("Gadget Router", "changed")
    assert [(one.label, one.old, one.new) for one in entry.changes] == [
        ("Size", "Small", "Large"),
        ("Safe", "Front safe", "Back safe"),
        ("Bought on", "2026-03-01", ""),
    ]
    assert [one.label for one in added.changes] == ["Name", "Size", "Safe", "Bought on"]


def test_a_long_addition_is_folded_and_a_change_never(dora: User) -> None:
    customer = make_customer("Alice Liddel", code="ALI001")
    gadget = Gadget.objects.create(
        customer=customer, name="Router", safe=Safe.objects.create(name="Front"), bought_on=date(2026, 3, 1)
    )
    Gadget.objects.filter(pk=gadget.pk).update(name="Hub", size="l", safe=None, bought_on=None)
    (changed, added, *_) = audit.trail(viewer=dora, customer_id=customer.pk).entries

    assert [one.label for one in added.first] == ["Name", "Size"]
    assert [one.label for one in added.rest] == ["Safe", "Bought on"]
    assert (len(changed.first), changed.rest) == (4, ())


def test_a_contacts_purposes_are_told_by_their_names(dora: User) -> None:
    customer = make_customer("Alice Liddel")
    Contact.objects.create(customer=customer, name="Bob", purposes=["debt", "sales"])
    entry = audit.trail(viewer=dora, customer_id=customer.pk).entries[0]
    assert entry.what == "Contact Bob"
    assert entry.changes[-1].new == "Suspension and debt notices, Sales"


def test_who_and_where_are_told_for_people_jobs_and_sql(dora: User) -> None:
    with audit.acting(actor=dora, source="/customers/ALI001/"):
        Safe.objects.create(name="One")
    with audit.acting(source="job: nightly", run=7):
        Safe.objects.create(name="Two")
    with audit.acting(source="/customers/"):
        Safe.objects.create(name="Three")
    Safe.objects.create(name="Four")
    told = [(one.who, one.where) for one in reversed(audit.trail(model="sampleapp.safe").entries)]
    assert told[:3] == [
        ("Dora", "/customers/ALI001/"),
        ("System", "Job: nightly (run 7)"),
        ("Nobody logged in", "/customers/"),
    ]
    assert told[3][0] == "Database"
    assert told[3][1].startswith("SQL as ")


def test_money_is_exact_and_masked_for_those_who_may_not_see_it(dora: User) -> None:
    customer = make_customer("Alice Liddel")
    gadget = Gadget.objects.create(customer=customer, name="Router")
    Gadget.objects.filter(pk=gadget.pk).update(price=Decimal("1234.10"))
    hidden = audit.trail(viewer=dora, customer_id=customer.pk).entries[0].changes[0]
    assert (hidden.old, hidden.new, hidden.hidden) == ("", "••••", True)
    bob = make_person("Bob", *READER, "sampleapp.see_price")
    shown = audit.trail(viewer=bob, customer_id=customer.pk).entries[0].changes[0]
    assert (shown.old, shown.new, shown.hidden) == ("", "R 1,234.10", False)
    assert AuditEvent.objects.filter(model="sampleapp.gadget").latest("at", "id").new == {
        "price": Decimal("1234.10")
    }


def test_id_numbers_are_masked_in_the_trail_without_their_right(dora: User) -> None:
    customer = make_customer("Alice Liddel", id_number="8001015009087")
    told = str(audit.trail(viewer=dora, customer_id=customer.pk))
    assert "8001015009087" not in told
    carol = make_person("Carol", *READER, "customers.see_id_numbers")
    assert "8001015009087" in str(audit.trail(viewer=carol, customer_id=customer.pk))
    assert "8001015009087" not in str(audit.trail(customer_id=customer.pk))


def test_a_model_that_the_reader_may_not_see_is_absent(dora: User) -> None:
    customer = make_customer("Alice Liddel")
    CustomerNote.objects.create(customer=customer, text="Owes money to everybody")
    assert "Owes money" not in str(audit.trail(viewer=dora, customer_id=customer.pk))
    emily = make_person("Emily", *READER, "customers.view_customernote")
    assert "Owes money" in str(audit.trail(viewer=emily, customer_id=customer.pk))


def test_a_password_leaves_no_more_than_that_it_changed() -> None:
    emily = make_person("Emily", "users.view_user")
    emily.set_password("a very long secret")
    emily.save()
    entry = audit.trail(viewer=emily, model="users.user").entries[0]
    assert [(one.label, one.new) for one in entry.changes] == [("Password", "changed")]
    assert emily.password not in str(list(AuditEvent.objects.values("old", "new")))


def test_filters_by_actor_model_field_and_days(dora: User) -> None:
    customer = make_customer("Alice Liddel")
    with audit.acting(actor=dora, source="/x/"):
        gadget = Gadget.objects.create(customer=customer, name="Router")
    Gadget.objects.filter(pk=gadget.pk).update(name="Radio")
    today = timezone.localdate()

    def found(**wanted: object) -> list[str]:
        return [
            one.operation
            for one in audit.trail(customer_id=customer.pk, model="sampleapp.gadget", **wanted).entries
        ]

    assert found() == ["change", "add"]
    assert found(actor=dora.pk) == ["add"]
    assert found(actor="database") == ["change"]
    assert found(actor="system") == []
    assert found(field="size") == ["add"]
    assert found(since=today, until=today) == ["change", "add"]
    assert found(until=date(2001, 1, 1)) == []


def test_pages_follow_each_other_without_gap_or_repeat() -> None:
    Safe.objects.bulk_create([Safe(name=f"Safe {number}") for number in range(7)])
    names, before = [], ""
    while True:
        page = audit.trail(model="sampleapp.safe", before=before, limit=3)
        names += [one.what for one in page.entries]
        before = page.older
        if not before:
            break
    assert names == [f"Safe Safe {number}" for number in reversed(range(7))]
    assert [one.what for one in audit.each(viewer=None, batch=3, model="sampleapp.safe")] == names


def test_a_nonsense_cursor_shows_the_first_page() -> None:
    Safe.objects.create(name="Front")
    assert audit.trail(model="sampleapp.safe", before="yesterday").entries[0].what == "Safe Front"


@pytest.mark.parametrize("times", [1, 10])
def test_two_queries_whatever_the_volume(times: int, django_assert_num_queries) -> None:
    customer = make_customer("Alice Liddel", billing_group=BillingGroup.objects.create(name="Run 1"))
    for number in range(times):
        safe = Safe.objects.create(name=f"Safe {number}")
        gadget = Gadget.objects.create(customer=customer, name="Router", safe=safe)
        customer.group = CustomerGroup.objects.create(name=f"Group {number}")
        customer.save()
        gadget.delete()
    with django_assert_num_queries(2):
        trail = audit.trail(customer_id=customer.pk)
    assert len(trail.entries) >= 4


def test_what_is_gone_is_told_by_its_number() -> None:
    customer = make_customer("Alice Liddel")
    safe = Safe.objects.create(name="Front")
    gadget = Gadget.objects.create(customer=customer, name="Router", safe=safe)
    gadget.safe = None
    gadget.save()
    number = safe.pk
    safe.delete()
    entry = audit.trail(customer_id=customer.pk, field="safe").entries[0]
    assert entry.changes[0].old == f"number {number}, no longer there"
