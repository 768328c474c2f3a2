"""A worker is killed between the call that hands a batch over and the commit that would have kept its answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from billing.models import BankAccount, CollectionBatch, CollectionLine
from billing.services import batches
from herotill import business_days
from herotill.integrations.netcash.bureau import Bureau
from herotill.integrations.netcash.standin import NetcashStandIn
from herotill.models import Run
from tests.factories.collecting import make_batch, make_group, make_payer
from tests.factories.netcash import judged, service_with_keys
from tests.factories.people import make_person
from tests.house.workers import Workers, workers

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def there(settings: Any) -> Iterator[NetcashStandIn]:
    settings.OUTBOUND_ALLOW, settings.DEMO = ["127.0.0.1"], True
    with NetcashStandIn(Bureau(now=datetime.now, check=judged)) as found:
        settings.NETCASH_URL = found.url
        yield found


@pytest.fixture
def house(tmp_path: Path, settings: Any, there: NetcashStandIn) -> Iterator[Workers]:
    (tmp_path / "logs").mkdir()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with workers(tmp_path / "logs") as started:
        started.environment |= {
            "MEDIA_ROOT": settings.MEDIA_ROOT,
            "NETCASH_URL": there.url,
            "OUTBOUND_ALLOW": "127.0.0.1",
            "DEMO": "1",
        }
        yield started


def ask() -> None:
    """Has a worker send the batch; runs in a process that speaks to the real broker."""
    from billing.services.batches import runs

    runs.start(kind=runs.SEND, batch=CollectionBatch.objects.get(), actor=make_person("Thandi"))


def released() -> CollectionBatch:
    """A batch of today, for the first date that is surely taken."""
    now = timezone.now()
    day = business_days.after(timezone.localdate(now), 6)
    group = make_group(day=day.day)
    for code in ("ALI001", "BOB001"):
        make_payer(code, group, "454.00", day=day.day)
    made = make_batch(
        group, actor=make_person("Mary"), channel="netcash", action_date=day, due_upto=day, now=now
    )
    return batches.release(batch=made, actor=make_person("Zoe"), now=now)


def test_a_batch_whose_worker_was_killed_is_looked_up_and_never_sent_twice(
    house: Workers, there: NetcashStandIn
) -> None:
    service_with_keys(account=BankAccount.objects.create(name="Netcash", kind="gateway", source="batch"))
    released()
    taken = there.bureau.take
    first: list[Any] = []

    def kills(text: str) -> str:
        token = taken(text)
        house.kill(first[0])
        return token

    there.bureau.take = kills  # type: ignore[method-assign]
    house.call("from tests.billing.test_netcash_killed import ask; ask()")
    first.append(house.worker())
    house.wait(lambda: bool(there.bureau.batches))
    house.worker()
    house.wait(lambda: not Run.objects.get().is_open, meanwhile=house.sweep)

    assert "It may have reached Netcash" in Run.objects.get().error, house.told()
    batch = CollectionBatch.objects.get()
    assert (batch.state, batch.file_token, batch.sent_at is not None) == ("released", "", True)
    batches.ask_all(timezone.now() + timedelta(minutes=4))
    batch.refresh_from_db()
    assert (batch.state, batch.trouble) == ("loaded", "")
    assert there.methods().count("BatchFileUpload") == len(there.bureau.batches) == 1
    assert set(CollectionLine.objects.values_list("state", flat=True)) == {"sent"}
