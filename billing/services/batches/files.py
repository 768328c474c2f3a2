"""Files of batches: written of what was released, kept encrypted and without keys, served while the seal holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.core.files.storage import default_storage
from django.db import transaction

from billing.models import BatchFile, CollectionBatch, CollectionLine
from billing.policies.batches import LEFT_OUT, Candidate, Out, Planned
from billing.services import locks
from billing.services.batches import building, checking, releasing
from herotill import outward, storing
from herotill.bulk import without_gc
from herotill.errors import DomainError
from herotill.secrets.keys import renewed, sealed, unsealed
from herotill.users.models import User

State, LineState = CollectionBatch.State, CollectionLine.State
Kind = BatchFile.Kind
FOLDER = "collections"
PAID = "Paid since it was released."


class Going(NamedTuple):
    """What counts of a line that is about to go out."""

    pk: int
    customer_id: int
    mandate_id: int | None
    card_id: int | None
    amount: Decimal


@transaction.atomic
def file_of(*, batch: CollectionBatch, actor: User | None, now: datetime) -> bytes:
    """The file of a released batch as it leaves the house, with keys; it is written anew until it was sent.

    Raises DomainError for a batch that is not released, or not what was released, and in a copied database.
    """
    if not outward.allowed():
        raise DomainError(outward.HELD)
    made = prepared(batch=batch, actor=actor, now=now)
    if actor:
        building.touch(batch, actor, "Took its file, with the account numbers")
    return checking.channel_of(batch).keyed(contents(made))


@without_gc()
@transaction.atomic
def prepared(*, batch: CollectionBatch, actor: User | None, now: datetime) -> BatchFile:
    """The file as it is kept. Before it is sent, who has paid since the release is dropped from it."""
    _hold(batch)
    batch.refresh_from_db()
    releasing.refuse_broken(batch)
    if batch.state != State.RELEASED or batch.sent_at:
        return _sent(batch)
    drop_paid(batch)
    batch.refresh_from_db()
    if not batch.lines:
        raise DomainError("Everybody in it has paid since; there is nothing left to collect.")
    content = checking.channel_of(batch).write(checking.bill(batch), checking.out_lines(batch))
    return keep(batch=batch, kind=Kind.SENT, content=content, actor=actor)


def _hold(batch: CollectionBatch) -> None:
    locks.hold(
        list(
            CollectionLine.objects.filter(batch=batch)
            .order_by("customer_id")
            .values_list("customer_id", flat=True)
        )
    )
    CollectionBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)


def _sent(batch: CollectionBatch) -> BatchFile:
    found = BatchFile.objects.filter(batch=batch, kind=Kind.SENT).order_by("-pk").first()
    if found is None:
        raise DomainError("No file of this batch is kept.")
    return found


def drop_paid(batch: CollectionBatch) -> int:
    """Withdraw released lines that are more than what may be collected now; how many."""
    planned = CollectionLine.objects.filter(batch=batch, state=LineState.PLANNED).order_by()
    found = why_not_now(batch, [Going(*row) for row in planned.values_list(*Going._fields)])
    for why in set(found.values()):
        pks = [pk for pk, said in found.items() if said == why]
        CollectionLine.objects.filter(pk__in=pks).update(state=LineState.WITHDRAWN, withdrawn_why=why)
    return len(found)


def why_not_now(batch: CollectionBatch, lines: Iterable[Going]) -> dict[int, str]:
    """Those of these lines that are more than what may be collected now, and why."""
    of = {line.customer_id: line for line in lines}
    whys = {
        of[one.customer_id].pk: _why_not(of[one.customer_id], one, most)
        for one, most in building.decide(batch, sorted(of))
    }
    return {pk: why for pk, why in whys.items() if why}


def _why_not(line: Going, one: Candidate, most: Planned | Out) -> str:
    if not isinstance(most, Planned):
        return PAID if most.why in ("nothing", "credit", "minimum") else f"{LEFT_OUT[most.why]}."
    if line.amount > most.amount:
        return PAID
    same = (line.mandate_id, line.card_id) == (one.mandate_id, one.card_id)
    return "" if same else "Its mandate or card is another by now."


def keep(*, batch: CollectionBatch, kind: str, content: bytes, actor: User | None) -> BatchFile:
    """Keep what went out or came back, encrypted; the same content is kept once."""
    digest = hashlib.sha256(content).hexdigest()
    found = BatchFile.objects.filter(batch=batch, kind=kind, sha256=digest).first()
    if found:
        return found
    path = f"{FOLDER}/{batch.pk}-{kind}-{digest[:16]}"
    storing.keep({path: sealed(content)})
    return BatchFile.objects.create(batch=batch, kind=kind, path=path, sha256=digest, made_by=actor)


def contents(file: BatchFile) -> bytes:
    """What a kept file holds. Raises DomainError where it is not what was written."""
    with default_storage.open(file.path) as stored:
        content = unsealed(stored.read())
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DomainError("The kept file is not what was written.")
    return content


def renewals() -> Iterator[int]:
    """Bring every kept file under the newest key; yields how many changed, file by file."""
    for pk in BatchFile.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            kept = BatchFile.objects.select_for_update().get(pk=pk)
            with default_storage.open(kept.path) as stored:
                token = bytes(stored.read())
            new = renewed(token.decode()).encode()
            if new != token:
                storing.keep({kept.path: new})
        yield int(new != token)
