"""An open amount is in one line, however many build at once and by whatever way (rule 2)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from billing.models import (
    BankAccount,
    CardGateway,
    CollectedEntry,
    CollectionBatch,
    CollectionLine,
    StoredCard,
)
from billing.policies import debit_days
from billing.services import batches
from customers.models import Customer
from herotill.errors import DomainError
from herotill.months import Month
from tests.factories.billing import make_invoice
from tests.factories.collecting import NOW, RUN, bank, make_batch, make_group, make_payer
from tests.factories.people import make_person

pytestmark = pytest.mark.money


@pytest.fixture(autouse=True)
def _banks() -> Iterator[None]:
    with bank():
        yield


@pytest.mark.django_db(transaction=True)
def test_s02_of_twenty_builds_at_once_one_has_the_line() -> None:
    group = make_group()
    for number in range(5):
        make_payer(f"ALI{number:03}", group, "454.00")
    days = [debit_days.on(27, "after", Month(2018, 8).plus(number % 10)) for number in range(20)]
    together, trouble = threading.Barrier(len(days)), []

    def build(day: date) -> None:
        try:
            together.wait()
            make_batch(group, action_date=day, due_upto=day)
        except DomainError:
            pass
        except Exception as other:
            trouble.append(other)
        finally:
            connection.close()

    threads = [threading.Thread(target=build, args=[day]) for day in days]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    assert CollectionBatch.objects.count() == 10
    assert CollectionLine.objects.count() == CollectedEntry.objects.filter(live=True).count() == 5


@pytest.mark.django_db
def test_s02_an_amount_in_a_debit_line_is_in_no_card_line() -> None:
    group = make_group()
    alice = make_payer("ALI001", group, "454.00")
    make_batch(group)
    gateway = CardGateway.objects.create(
        name="PayFast", kind="payfast", account=BankAccount.objects.create(name="PayFast", kind="gateway")
    )
    StoredCard.objects.create(
        customer=alice, gateway=gateway, token="abc", verified_at=datetime(2018, 1, 1, tzinfo=UTC)
    )
    Customer.objects.filter(pk=alice.pk).update(payment_method="credit_card")
    card = make_batch(group, method="card", channel="payfast", action_date=date(2018, 8, 28))
    assert (card.lines, card.left_out.get().why) == (0, "other_batch")


@pytest.mark.django_db
def test_s02_the_database_refuses_a_second_live_line() -> None:
    group, other = make_group(), make_group("Netcash Run 15")
    make_payer("ALI001", group, "454.00")
    bob = make_payer("BOB001", other, "100.00", day=27)
    make_batch(group)
    second = make_batch(other)
    entry = CollectedEntry.objects.exclude(line__batch=second).get()
    with pytest.raises(IntegrityError, match="open_amount_in_one_line"), transaction.atomic():
        CollectedEntry.objects.create(
            line=second.all_lines.get(customer=bob), entry=entry.entry, amount=Decimal(1)
        )
    with pytest.raises(IntegrityError, match="follows from its line"), transaction.atomic():
        CollectedEntry.objects.filter(pk=entry.pk).update(live=False)


@pytest.mark.django_db
def test_s02_a_line_that_is_left_out_gives_its_amount_free_and_cannot_be_put_back_once_it_is_taken() -> None:
    group = make_group()
    alice, mary = make_payer("ALI001", group, "454.00"), make_person("Mary")
    make_batch(group)
    line = CollectionLine.objects.get()
    batches.withdraw_line(line=line, why="Next month", actor=mary, now=NOW)
    later = make_batch(group, action_date=date(2018, 9, 27), due_upto=date(2018, 9, 27))
    assert later.lines == 1
    with pytest.raises(DomainError, match="in another batch"):
        batches.put_back(line=CollectionLine.objects.get(batch__action_date=RUN), actor=mary, now=NOW)
    make_invoice(alice, "10.00")
    batches.put_back(line=CollectionLine.objects.get(batch__action_date=RUN), actor=mary, now=NOW)
    assert CollectionLine.objects.get(batch__action_date=RUN).amount == Decimal("10.00")


@pytest.mark.django_db
def test_s02_a_cancelled_batch_gives_its_amounts_free() -> None:
    group = make_group()
    make_payer("ALI001", group, "454.00")
    batches.cancel(batch=make_batch(group), why="Wrong date", actor=make_person("Mary"))
    assert make_batch(group).lines == 1
