"""Batches leave the house by two people's hands, as they were released, and not with what was paid meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from billing.models import (
    BatchFile,
    CollectedEntry,
    CollectionBatch,
    CollectionLine,
    CollectionRules,
    DebitDetail,
    Entry,
)
from billing.services import batches
from billing.services.batches import files
from customers.models import Customer
from herotill.errors import DomainError
from tests.factories.billing import make_owe, make_receipt
from tests.factories.collecting import (
    NOW,
    TestBank,
    TestCarrier,
    bank,
    make_batch,
    make_group,
    make_payer,
)
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture(autouse=True)
def the_bank() -> Iterator[TestBank]:
    with bank() as made:
        made.carrier = TestCarrier(made)
        yield made


@pytest.fixture
def group():
    return make_group()


@pytest.fixture
def anna():
    return make_person("Anna")


@pytest.fixture
def mary():
    return make_person("Mary")


def let_go(batch, person):
    return batches.release(batch=batch, actor=person, now=NOW)


def test_s04_who_built_a_batch_does_not_release_it(group, anna, mary) -> None:
    make_payer("ALI001", group, "454.00")
    batch = make_batch(group, actor=anna)
    with pytest.raises(DomainError, match="somebody else releases it"):
        let_go(batch, anna)
    assert let_go(batch, mary).state == "released"


def test_s04_who_changed_a_line_does_not_release_it(group, anna, mary) -> None:
    make_payer("ALI001", group, "454.00")
    batch = make_batch(group, actor=anna)
    line = CollectionLine.objects.get()
    batches.edit_line(line=line, amount=Decimal(100), why="Agreed", actor=mary, now=NOW)
    with pytest.raises(DomainError, match="somebody else releases it"):
        let_go(batch, mary)


def test_s04_who_captured_a_bank_detail_since_the_last_collection_does_not_release_it(
    group, anna, mary
) -> None:
    from herotill import audit

    with audit.acting(actor=mary, source="test"):
        make_payer("ALI001", group, "454.00")
    batch = make_batch(group, actor=anna)
    with pytest.raises(DomainError, match="mandate or bank detail"):
        let_go(batch, mary)
    assert let_go(batch, make_person("Zoe")).state == "released"


def test_s04_where_the_rule_is_off_one_person_does_both(group, anna) -> None:
    make_payer("ALI001", group, "454.00")
    CollectionRules.objects.update(second_person=False)
    assert let_go(make_batch(group, actor=anna), anna).state == "released"


def test_s04_a_released_batch_is_locked_by_the_database(group, anna, mary) -> None:
    make_payer("ALI001", group, "454.00")
    batch = let_go(make_batch(group, actor=anna), mary)
    refused = (
        lambda: CollectionLine.objects.filter(batch=batch).update(amount=Decimal(1)),
        lambda: CollectionLine.objects.filter(batch=batch).update(edited_why="x"),
        lambda: CollectedEntry.objects.all().delete(),
        lambda: CollectionBatch.objects.filter(pk=batch.pk).update(action_date=date(2018, 9, 27)),
        lambda: CollectionBatch.objects.filter(pk=batch.pk).update(release_hash="0" * 64),
        lambda: CollectionBatch.objects.filter(pk=batch.pk).delete(),
    )
    for attempt in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_s04_nothing_is_served_of_a_draft_or_of_what_is_no_longer_what_was_released(
    group, anna, mary
) -> None:
    alice = make_payer("ALI001", group, "454.00")
    batch = make_batch(group, actor=anna)
    with pytest.raises(DomainError, match="is not released"):
        batches.file_of(batch=batch, actor=mary, now=NOW)
    batch = let_go(batch, mary)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE billing_mandate DISABLE TRIGGER USER")
        cursor.execute("UPDATE billing_mandate SET maximum = 1 WHERE customer_id = %s", [alice.pk])
        cursor.execute("ALTER TABLE billing_mandate ENABLE TRIGGER USER")
    with pytest.raises(DomainError, match="is not what was released"):
        batches.file_of(batch=batch, actor=mary, now=NOW)
    with pytest.raises(DomainError, match="is not what was released"):
        batches.send(batch=batch, actor=mary, now=NOW)


def test_s04_a_bank_detail_that_changes_in_its_row_voids_the_release(group, anna, mary) -> None:
    make_payer("ALI001", group, "454.00")
    batch = let_go(make_batch(group, actor=anna), mary)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE billing_debitdetail DISABLE TRIGGER debit_detail_stands")
        DebitDetail.objects.update(holder="M Hatter")
        cursor.execute("ALTER TABLE billing_debitdetail ENABLE TRIGGER debit_detail_stands")
    batch.refresh_from_db()
    assert (batch.state, batch.release_hash) == ("draft", "")
    assert "changed after its release" in batch.trouble


def test_s03_who_has_paid_before_the_release_is_dropped_and_the_part_payer_owes_less(
    group, anna, mary
) -> None:
    alice, bob = make_payer("ALI001", group, "454.00"), make_payer("BOB001", group, "100.00")
    batch = make_batch(group, actor=anna)
    make_receipt(alice, "400.00")
    make_receipt(bob, "100.00")
    batch = let_go(batch, mary)
    lines = {line.reference: line for line in CollectionLine.objects.all()}
    assert (lines["ALI001"].state, str(lines["ALI001"].amount)) == ("planned", "54.00")
    assert (lines["BOB001"].state, lines["BOB001"].withdrawn_why) == ("withdrawn", "Paid since it was built.")
    assert (batch.lines, str(batch.total)) == (1, "54.00")


def test_s03_who_has_paid_before_the_upload_is_dropped_from_the_file(group, anna, mary) -> None:
    alice = make_payer("ALI001", group, "454.00")
    make_payer("BOB001", group, "100.00")
    batch = let_go(make_batch(group, actor=anna), mary)
    make_receipt(alice, "1.00")
    content = batches.file_of(batch=batch, actor=mary, now=NOW).decode()
    assert "ALI001" not in content
    assert "BOB001" in content
    line = CollectionLine.objects.get(customer=alice)
    assert (line.state, line.withdrawn_why) == ("withdrawn", "Paid since it was released.")
    assert not CollectedEntry.objects.get(line=line).live
    assert batches.seal(batch) == batch.release_hash


def test_s03_a_receipt_after_the_upload_is_shown_at_the_line(group, anna, mary) -> None:
    alice = make_payer("ALI001", group, "454.00")
    batch = let_go(make_batch(group, actor=anna), mary)
    batches.send(batch=batch, actor=mary, now=NOW)
    assert not CollectionLine.objects.get().paid_after_release
    make_receipt(alice, "454.00")
    assert CollectionLine.objects.get().paid_after_release


def test_s16_nothing_is_collected_before_the_take_over_is_signed(group, anna, mary) -> None:
    alice = make_payer("ALI001", group)
    make_owe(alice, "454.00")
    assert Entry.objects.filter(before=True).exists()
    batch = make_batch(group, actor=anna)
    assert list(batch.left_out.values_list("why", flat=True)) == ["cutover"]
    with pytest.raises(DomainError, match="before what was taken over is signed"):
        let_go(batch, mary)


def test_s18_a_missed_cut_off_goes_back_to_a_person(group, anna, mary) -> None:
    make_payer("ALI001", group, "454.00")
    batch = let_go(make_batch(group, actor=anna), mary)
    late = NOW + timedelta(days=2)
    with pytest.raises(DomainError, match="It is too late"):
        batches.send(batch=batch, actor=mary, now=late)
    batch.refresh_from_db()
    assert (batch.state, batch.action_date) == ("released", date(2018, 8, 27))
    assert "never moved by itself" in batch.trouble


def test_s04_a_batch_with_a_problem_is_not_released(group, anna, mary, the_bank: TestBank) -> None:
    make_payer("ALI001", group, "454.00")
    the_bank.refuses["ALI001"] = "Invalid branch code"
    with pytest.raises(DomainError, match="Invalid branch code"):
        let_go(make_batch(group, actor=anna), mary)


def test_the_file_that_is_kept_is_encrypted_and_holds_no_key(group, anna, mary, the_bank: TestBank) -> None:
    make_payer("ALI001", group, "454.00")
    batch = let_go(make_batch(group, actor=anna), mary)
    sent = batches.file_of(batch=batch, actor=mary, now=NOW)
    assert b"the-service-key" in sent
    assert b"4052601815" in sent
    kept = BatchFile.objects.get()
    with default_storage.open(kept.path) as stored:
        raw = stored.read()
    assert b"4052601815" not in raw
    assert b"the-service-key" not in batches.contents(kept)


def test_s25_kept_files_come_under_the_newest_key(group, anna, mary, settings) -> None:
    make_payer("ALI001", group, "454.00")
    batch = let_go(make_batch(group, actor=anna), mary)
    batches.file_of(batch=batch, actor=mary, now=NOW)
    before = batches.contents(BatchFile.objects.get())
    settings.FIELD_ENCRYPTION_KEYS = ["quite a new key", *settings.FIELD_ENCRYPTION_KEYS]
    assert sum(files.renewals()) == 1
    settings.FIELD_ENCRYPTION_KEYS = ["quite a new key"]
    assert batches.contents(BatchFile.objects.get()) == before


def test_a_batch_is_sent_loaded_and_authorised(group, anna, mary, the_bank: TestBank) -> None:
    make_payer("ALI001", group, "454.00")
    batch = let_go(make_batch(group, actor=anna), mary)
    batch = batches.send(batch=batch, actor=mary, now=NOW)
    assert (batch.state, batch.file_token, len(the_bank.sent)) == ("sent", "T1", 1)
    assert CollectionLine.objects.get().state == "sent"
    batches.ask_all(NOW)
    batch.refresh_from_db()
    assert batch.state == "loaded"
    assert batches.authorise(batch=batch, actor=mary, now=NOW).state == "authorised"
    done = batch.touches.order_by("pk").values_list("what", "person__name", "is_hand")
    assert list(done) == [
        ("Built it", "Anna", True),
        ("Released 1 line, R 454.00", "Mary", False),
        ("Sent, not loaded yet", "Mary", False),
        ("Loaded, not authorised", None, False),
        ("Authorised", "Mary", False),
    ]
    with pytest.raises(DomainError, match="is authorised"):
        batches.send(batch=batch, actor=mary, now=NOW)


def test_a_release_is_taken_back_before_it_was_sent(group, anna, mary) -> None:
    make_payer("ALI001", group, "454.00")
    batch = let_go(make_batch(group, actor=anna), mary)
    batch = batches.take_back(batch=batch, why="Wrong cut-off", actor=mary)
    assert (batch.state, batch.release_hash) == ("draft", "")
    with pytest.raises(DomainError, match="somebody else"):
        let_go(batch, mary)
    zoe = make_person("Zoe")
    batch = let_go(batch, zoe)
    batch = batches.take_back(batch=batch, why="Wrong again", actor=anna)
    batch = batches.take_back(batch=let_go(batch, zoe), why="And again", actor=anna)
    batches.cancel(batch=batch, why="Not this month", actor=anna)
    assert not CollectedEntry.objects.filter(live=True).exists()


def test_s03_who_pays_in_another_way_by_now_is_dropped(group, anna, mary) -> None:
    alice = make_payer("ALI001", group, "454.00")
    make_payer("BOB001", group, "100.00")
    batch = make_batch(group, actor=anna)
    Customer.objects.filter(pk=alice.pk).update(payment_method="eft")
    let_go(batch, mary)
    assert CollectionLine.objects.get(customer=alice).withdrawn_why == "Pays in another way."
