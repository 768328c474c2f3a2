"""The copy of everything kept about a customer: asked for in the portal, packed by a worker, gone after some days."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from customers.models import Customer, DataCopy
from customers.own_data import own_data
from customers.policies.data_copies import Packing
from herotill import blanking, storing
from herotill.clock import local
from herotill.errors import DomainError
from herotill.jobs import nudge
from herotill.messages.services import outbox
from herotill.users.models import User

log = logging.getLogger(__name__)
JOB = "data-copies"
TEMPLATE, SUBJECT = "data-copy-ready", "data_copy"
AGAIN_AFTER = timedelta(hours=24)


@transaction.atomic
def ask(*, customer: Customer, actor: User | None, now: datetime) -> DataCopy:
    """Have a copy made. Raises DomainError while one is being made, and within a day of the last one."""
    held = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    last = DataCopy.objects.filter(customer=held).order_by("-pk").first()
    if last and last.made_at is None and last.ended_at is None:
        raise DomainError("Your copy is being made already.")
    if last and last.ended_at is None and last.asked_at > now - AGAIN_AFTER:
        raise DomainError("You have a copy of today. Please ask again tomorrow.")
    copy = DataCopy.objects.create(customer=held, asked_at=now, asked_by=actor)
    nudge(JOB)
    return copy


def make(now: datetime) -> str:
    """The job: make what is owed, one copy a transaction, and let go of those whose days are over.

    Trouble with one does not keep back the others. Raises DomainError, at the end, if there was any.
    """
    owed = DataCopy.objects.filter(made_at=None, ended_at=None).order_by("pk")
    made = [_made(pk, now) for pk in owed.values_list("pk", flat=True)]
    gone = _end(DataCopy.objects.filter(expires_at__lte=now).values_list("pk", flat=True), now)
    if not all(made):
        raise DomainError(f"{made.count(False)} copies could not be made. The log tells more.")
    return ", ".join(f"{count} {what}" for count, what in ((len(made), "made"), (gone, "ended")) if count)


def _made(pk: int, now: datetime) -> bool:
    try:
        _make(pk, now)
    except Exception:
        log.exception("The copy %s of a customer's data could not be made.", pk)
        return False
    return True


@transaction.atomic
def _make(pk: int, now: datetime) -> None:
    owed = DataCopy.objects.filter(pk=pk, made_at=None, ended_at=None)
    copy = owed.select_for_update(skip_locked=True, of=("self",)).select_related("customer").first()
    if copy is None:
        return
    content = packed(customer=copy.customer, now=now)
    copy.file = _name(copy)
    storing.keep({copy.file: content})
    copy.size, copy.sha256 = len(content), hashlib.sha256(content).hexdigest()
    copy.made_at, copy.expires_at = now, now + timedelta(days=settings.DATA_COPY_DAYS)
    copy.save(update_fields=["file", "size", "sha256", "made_at", "expires_at"])
    outbox.queue(
        template=TEMPLATE,
        now=now,
        customer_id=copy.customer_id,
        context={"name": copy.customer.name, "until": f"{local(copy.expires_at):%Y-%m-%d %H:%M}"},
        subject_kind=SUBJECT,
        subject_id=copy.pk,
    )


def _name(copy: DataCopy) -> str:
    """The same at each try, so that a try that was cut short leaves nothing behind; nobody guesses it."""
    return f"data-copies/{salted_hmac('customers.data_copies', str(copy.pk)).hexdigest()[:32]}.zip"


def packed(*, customer: Customer, now: datetime) -> bytes:
    """Everything that apps say they keep about this customer, as a ZIP."""
    packing = Packing(f"What we keep about {customer.name} ({customer.code})", local(now))
    for part in own_data:
        packing.add(part.name, part.title, part.rows(customer))
        for file in part.files(customer):
            packing.add_file(part.name, file.name, file.read())
    return packing.finished()


@transaction.atomic
def _end(ids: Collection[int], now: datetime) -> int:
    held = DataCopy.objects.select_for_update().filter(pk__in=ids, ended_at=None)
    files = dict(held.values_list("pk", "file"))
    blanking.drop_files(list(files.values()))
    return DataCopy.objects.filter(pk__in=files).update(ended_at=now, file="")


def fetched(*, copy: DataCopy, now: datetime) -> None:
    """Note that it was fetched."""
    DataCopy.objects.filter(pk=copy.pk).update(fetched_at=now)


def end_of(*, customers: Collection[int], now: datetime) -> None:
    """Let go of the copies of these customers, made or not."""
    _end(DataCopy.objects.filter(customer__in=customers).values_list("pk", flat=True), now)
