"""Results that could go astray: moved money that comes back, another installation's rows, two who send at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.models import BatchTouch, CollectionBatch, CollectionLine, CollectionResult, Receipt, Reversal
from billing.services import batches, moving
from billing.services.batches import sending
from customers.models import CustomerBalance
from herotill.errors import DomainError
from tests.billing.test_collection_results import collected, released, told, unpaid
from tests.factories.collecting import NOW, TestBank, TestCarrier, bank, make_group, make_payer
from tests.factories.customers import make_customer
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture(autouse=True)
def there() -> Iterator[TestBank]:
    with bank() as found:
        yield found


def owed(customer) -> Decimal:
    return CustomerBalance.objects.get(customer=customer).amount


def test_s15_money_that_was_moved_to_another_customer_is_taken_back_there_when_it_comes_back():
    alice, bob = make_payer("ALI001", make_group(), "454.00"), make_customer("Bob Sands", "BOB001")
    lines = released(make_group())
    told(collected("1", lines["ALI001"], "454.00"))
    greta = make_person("Greta")
    moving.move(receipt=Receipt.objects.get(), to=bob, reason="His", day=date(2018, 8, 28), actor=greta)
    assert (owed(alice), owed(bob)) == (Decimal("454.00"), Decimal("-454.00"))
    told(unpaid("2", lines["ALI001"], "454.00"))
    assert (owed(alice), owed(bob)) == (Decimal("454.00"), Decimal(0))
    assert Reversal.objects.count() == 2
    told(unpaid("2", lines["ALI001"], "454.00"))
    assert Reversal.objects.count() == 2


def test_a_row_of_another_installation_that_counts_its_lines_as_we_do_is_left_to_a_person():
    alice = make_payer("ALI001", make_group(), "454.00")
    lines = released(make_group())
    from dataclasses import replace

    told(replace(collected("1", lines["ALI001"], "454.00"), reference="ZOE009"))
    assert (owed(alice), Receipt.objects.exists()) == (Decimal("454.00"), False)
    assert CollectionResult.objects.get().trouble
    told(replace(collected("2", lines["ALI001"], "454.00"), reference="ali001"))
    assert owed(alice) == 0


def test_what_one_sends_another_does_not_let_go(there):
    make_payer("ALI001", make_group(), "454.00")
    released(make_group())
    there.carrier = TestCarrier(there)
    batch = CollectionBatch.objects.get()
    CollectionBatch.objects.update(sent_at=NOW - timedelta(hours=2))
    mine = CollectionBatch.objects.get(pk=batch.pk)
    CollectionBatch.objects.update(sent_at=NOW)
    with pytest.raises(DomainError, match="being sent already"):
        sending._looked_up(mine, there, there.carrier, None, NOW)
    assert CollectionBatch.objects.get().sent_at == NOW


def test_who_takes_a_file_with_account_numbers_stands_on_record():
    make_payer("ALI001", make_group(), "454.00")
    released(make_group())
    eve = make_person("Eve")
    batch = CollectionBatch.objects.get()
    for _ in range(2):
        batches.file_of(batch=batch, actor=eve, now=NOW)
    assert BatchTouch.objects.filter(batch=batch, person=eve, what__contains="account numbers").count() == 2
    assert CollectionLine.objects.get().state == "planned"
