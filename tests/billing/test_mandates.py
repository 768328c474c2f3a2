"""Accounts that debit orders go against, and the mandates that allow them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from billing.models import DebitDetail, Mandate
from billing.selectors import mandates as reading
from billing.services import mandates, payment_methods
from customers.services import attachments
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.secrets import decrypt
from tests.factories import make_customer, make_person
from tests.factories.mandates import (
    ABSA,
    FNB,
    NOW,
    OTHER_FNB,
    make_detail,
    make_mandate,
    new_detail,
    signed_form,
)

pytestmark = pytest.mark.django_db
Status = Mandate.Status
LATER = NOW + timedelta(days=3)


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001", payment_method="debit_order")


@pytest.fixture
def greta():
    return make_person("Greta", "billing.add_debitdetail", "billing.block_mandate")


def test_an_account_is_kept_masked_and_the_branch_is_called_like_the_bank(alice, greta):
    held = mandates.save_detail(
        customer=alice, values=new_detail(number="6219 487 5749"), actor=greta, now=NOW
    )
    held.refresh_from_db()
    assert (str(held.number), held.number_last_four) == ("•••• 5749", "5749")
    assert decrypt(held.number.token) == FNB
    assert (held.branch_name, held.branch_code, held.made_by) == ("FNB / RMB", "250655", greta)


def test_a_branch_code_keeps_its_leading_noughts(alice):
    held = make_detail(alice, "Standard Bank", "067970168")
    assert DebitDetail.objects.get(pk=held.pk).branch_code == "051001"


def test_a_number_that_fails_is_refused_unless_somebody_who_may_says_why(alice, greta):
    wrong = new_detail(number="62194875740", override="The bank's letter says so")
    with pytest.raises(DomainError, match="fails the rule of FNB"):
        mandates.save_detail(customer=alice, values=new_detail(number="62194875740"), actor=greta, now=NOW)
    with pytest.raises(DomainError, match="fails the rule of FNB"):
        mandates.save_detail(customer=alice, values=wrong, actor=greta, now=NOW)
    with pytest.raises(DomainError, match="fails the rule of FNB"):
        mandates.save_detail(customer=alice, values=wrong, actor=None, now=NOW)
    henry = make_person("Henry", "billing.override_account_check")
    held = mandates.save_detail(customer=alice, values=wrong, actor=henry, now=NOW)
    assert held.check_overridden == "The bank's letter says so"
    kept = mandates.save_detail(
        customer=alice, values=new_detail(number="", debit_day=1), actor=greta, now=LATER
    )
    assert (kept.check_overridden, kept.debit_day) == ("The bank's letter says so", 1)


def test_two_who_type_at_once_do_not_overwrite_each_other(alice, greta):
    held = make_detail(alice)
    make_detail(alice, number=OTHER_FNB)
    with pytest.raises(DomainError, match="Somebody else changed"):
        mandates.save_detail(
            customer=alice, values=new_detail(debit_day=1), actor=greta, now=LATER, seen=held.pk
        )


def test_saving_the_same_again_makes_no_new_row(alice, greta):
    held = make_detail(alice)
    again = mandates.save_detail(customer=alice, values=new_detail(number=""), actor=greta, now=LATER)
    assert again.pk == held.pk
    assert DebitDetail.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"number": OTHER_FNB},
        {"bank": "Absa", "number": ABSA},
        {"holder": "B Liddel"},
        {"account_type": "savings"},
        {"branch_code": "210554"},
    ],
)
def test_s10_a_changed_bank_account_or_holder_ends_the_mandate(alice, other):
    mandate = make_mandate(alice)
    make_detail(alice, now=LATER, **other)
    mandate.refresh_from_db()
    assert (mandate.status, mandate.ended_at) == (Status.CANCELLED, LATER)
    assert reading.active([alice.pk]) == {}
    told = Message.objects.get(template="debit-details-changed")
    assert told.address == alice.contact_email
    assert FNB not in str(told.context)
    assert OTHER_FNB not in str(told.context)


def test_s10_the_address_that_is_told_is_the_one_of_the_moment(alice):
    make_mandate(alice)
    old = alice.contact_email
    make_detail(alice, number=OTHER_FNB, now=LATER)
    alice.contacts.update(email="thief@example.com")
    assert list(Message.objects.values_list("address", flat=True)) == [old]


def test_s10_another_day_or_branch_name_keeps_the_mandate(alice, greta):
    mandate = make_mandate(alice)
    new = mandates.save_detail(
        customer=alice,
        values=new_detail(number="", debit_day=1, branch_name="Gqeberha"),
        actor=greta,
        now=LATER,
    )
    mandate.refresh_from_db()
    assert (mandate.status, mandate.detail_id, mandate.debit_day) == (Status.ACTIVE, new.pk, 1)
    assert (new.made_by, new.made_at) == (greta, LATER)
    assert not Message.objects.exists()
    old = DebitDetail.objects.get(customer=alice, replaced_at__isnull=False)
    assert old.replaced_at == LATER


def test_s10_the_database_ends_the_mandate_whoever_writes_the_row(alice):
    mandate = make_mandate(alice)
    held = reading.current_detail(alice.pk)
    held.pk, held.holder = None, "Somebody Else"
    held.save(force_insert=True)
    mandate.refresh_from_db()
    assert mandate.status == Status.CANCELLED
    assert DebitDetail.objects.filter(customer=alice, replaced_at=None).count() == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE billing_debitdetail SET holder = 'Thief'",
        "UPDATE billing_debitdetail SET number = 'another'",
        "UPDATE billing_debitdetail SET branch_code = '632005'",
        "UPDATE billing_debitdetail SET debit_day = 3",
        "UPDATE billing_mandate SET maximum = 1",
        "UPDATE billing_mandate SET signed_by_name = 'Thief'",
        "UPDATE billing_mandate SET reference = 'X-1'",
    ],
)
def test_s10_what_was_agreed_stands(alice, change):
    make_mandate(alice)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_s10_a_mandate_is_never_moved_to_another_account(alice):
    mandate = make_mandate(alice)
    make_detail(alice, number=OTHER_FNB)
    bob = make_customer("Bob Builder", "BOB001")
    theirs = make_detail(bob)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(detail=theirs)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(status=Status.ACTIVE)


def test_a_paper_mandate_needs_its_form_and_is_active_at_once(alice):
    make_detail(alice)
    given = {"customer": alice, "signed_by": "", "actor": None, "now": NOW}
    with pytest.raises(DomainError, match="Attach the signed form"):
        mandates.capture_paper(signed_on=date(2026, 11, 1), **given)
    with pytest.raises(DomainError, match="not come yet"):
        mandates.capture_paper(signed_on=date(2026, 11, 3), upload=signed_form(), **given)
    mandate = mandates.capture_paper(
        signed_on=date(2026, 11, 1), upload=signed_form(), maximum=Decimal("900.00"), **given
    )
    assert (mandate.status, mandate.reference, mandate.debit_day) == (Status.ACTIVE, "ALI001-1", 25)
    assert mandate.attachment.kind == "debit_order"
    assert mandate.signed_by_name == "A Liddel"
    assert reading.active([alice.pk]) == {alice.pk: mandate}
    with pytest.raises(DomainError, match="ALI001-1 is active"):
        mandates.capture_paper(signed_on=date(2026, 11, 1), upload=signed_form(mark="2"), **given)


def test_nobody_is_asked_without_an_account(alice):
    with pytest.raises(DomainError, match="Capture the debit-order details first"):
        mandates.ask(customer=alice, to=alice.contact_email, actor=None, now=NOW)


def test_blocked_by_hand_it_may_be_unblocked_blocked_by_the_bank_never(alice, greta):
    mandate = make_mandate(alice)
    with pytest.raises(DomainError, match="Say why"):
        mandates.block(mandate=mandate, code="", why=" ", actor=greta, now=NOW)
    mandates.block(mandate=mandate, code="", why="Asked on the phone", actor=greta, now=NOW)
    assert (mandate.status, mandate.blocked_why) == (Status.BLOCKED, "Asked on the phone")
    assert reading.active([alice.pk]) == {}
    mandates.unblock(mandate=mandate, actor=greta, now=LATER)
    assert (mandate.status, mandate.blocked_at) == (Status.ACTIVE, None)
    mandates.block(mandate=mandate, code="12", why="Account closed", actor=None, now=LATER)
    with pytest.raises(DomainError, match="only a new mandate"):
        mandates.unblock(mandate=mandate, actor=greta, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(status=Status.ACTIVE)
    with pytest.raises(DomainError, match="Only an active mandate"):
        mandates.block(mandate=mandate, code="", why="Once more", actor=greta, now=LATER)


def test_a_block_by_code_stands_over_one_by_hand(alice, greta):
    mandate = make_mandate(alice)
    mandates.block(mandate=mandate, code="", why="Holiday", actor=greta, now=NOW)
    mandates.block(mandate=mandate, code="04", why="Payment stopped", actor=None, now=LATER)
    assert (mandate.block_code, mandate.blocked_why) == ("04", "Payment stopped")


def test_many_are_blocked_as_one_is(django_assert_max_num_queries):
    theirs = [make_mandate(make_customer("Bob Builder", f"BOB{n:03}")) for n in range(6)]
    blocks = [mandates.Block(one.pk, "12", "Account closed") for one in theirs]
    with django_assert_max_num_queries(8):
        assert mandates.block_all(blocks=blocks, actor=None, now=LATER) == 6
    assert set(Mandate.objects.values_list("status", "block_code")) == {("blocked", "12")}


def test_after_a_block_a_new_one_takes_its_place(alice):
    mandate = make_mandate(alice)
    mandates.block(mandate=mandate, code="12", why="Account closed", actor=None, now=NOW)
    new = mandates.ask(customer=alice, to=alice.contact_email, actor=None, now=LATER)
    mandate.refresh_from_db()
    assert (mandate.status, new.status, new.reference) == (Status.CANCELLED, Status.ASKED, "ALI001-2")


def test_a_cancelled_one_stays_cancelled(alice, greta):
    mandate = make_mandate(alice)
    with pytest.raises(DomainError, match="Say why"):
        mandates.cancel(mandate=mandate, why="", actor=greta, now=NOW)
    mandates.cancel(mandate=mandate, why="Pays by EFT now", actor=greta, now=NOW)
    assert (mandate.status, mandate.ended_why) == (Status.CANCELLED, "Pays by EFT now")
    with pytest.raises(DomainError, match="ended already"):
        mandates.cancel(mandate=mandate, why="Again", actor=greta, now=NOW)


def test_a_payment_method_is_one_of_four(alice, greta):
    payment_methods.set(customer=alice, method="eft", actor=greta, now=NOW)
    alice.refresh_from_db()
    assert alice.payment_method == "eft"
    with pytest.raises(DomainError, match="Choose how"):
        payment_methods.set(customer=alice, method="bitcoin", actor=greta, now=NOW)


def test_a_resellers_client_is_debited_by_its_reseller_alone(alice):
    from billing.models import SubAccountMode

    master = make_customer("Reseller", "RES001", kind="company", is_reseller=True)
    client = make_customer("Bob Builder", "BOB001", master=master)
    SubAccountMode.objects.create(customer=client, mode="reseller", starts_on=date(2026, 11, 1))
    make_detail(client)
    with pytest.raises(DomainError, match="reseller bills this customer"):
        mandates.ask(customer=client, to=client.contact_email, actor=None, now=NOW)
    make_detail(client, number=OTHER_FNB, now=LATER)
    assert not Message.objects.exists()


def test_the_signed_form_is_kept_as_long_as_its_mandate_stands(alice, greta):
    mandate = make_mandate(alice)
    with pytest.raises(DomainError, match="proof of a signed mandate"):
        attachments.remove(attachment=mandate.attachment, actor=greta)
    assert mandate.attachment.file.storage.exists(mandate.attachment.file.name)
