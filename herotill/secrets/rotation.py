"""A new key goes over everything that the old ones encrypted; afterwards the old ones open nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from herotill.registry import Registry

from .fields import EncryptedField
from .keys import renewed

BATCH = 1000


@dataclass(frozen=True, slots=True)
class EncryptedStore:
    """A place that keeps tokens of `encrypt` elsewhere than in an EncryptedField.

    `batches` goes over all of it, renews each token with `keys.renewed`, commits as it goes and yields how
    many it changed.
    """

    name: str
    batches: Callable[[], Iterator[int]]
    order: int = 100


encrypted_stores: Registry[EncryptedStore] = Registry("encrypted store")


@contextmanager
def quietly() -> Iterator[None]:
    """Inside, and in this transaction, the audit takes a changed token for the same secret under another key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('house.reencrypting', 'on', true)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('house.reencrypting', '', true)")


def encrypted_fields() -> Iterator[tuple[type[Model], EncryptedField]]:
    """Every encrypted column of every table."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedField):
                yield model, field


def reencrypt(*, batch: int = BATCH) -> Iterator[tuple[str, int]]:
    """Bring everything under the newest key, batch by batch; yields where and how many were changed.

    Each batch is committed by itself and passes over what is under the newest key already, so it can be
    killed and started again. The audit keeps quiet: what is secret does not change.
    """
    for model, field in encrypted_fields():
        for changed in _column(model, field, batch):
            yield f"{model._meta.label}.{field.name}", changed
    for store in encrypted_stores:
        for changed in store.batches():
            yield store.name, changed


def _column(model: type[Model], field: EncryptedField, batch: int) -> Iterator[int]:
    last = None
    while True:
        with transaction.atomic():
            rows = _locked(model, field, last, batch)
            if not rows:
                return
            changed = [(key, new) for key, token in rows if token and (new := renewed(token)) != token]
            _write(model, field, changed)
        last = rows[-1][0]
        yield len(changed)


def _locked(model: type[Model], field: EncryptedField, last: object, batch: int) -> list[tuple[object, str]]:
    rows = model._base_manager.order_by("pk").select_for_update(of=("self",))
    if last is not None:
        rows = rows.filter(pk__gt=last)
    return [(key, secret.token) for key, secret in rows.values_list("pk", field.name)[:batch]]


def _write(model: type[Model], field: EncryptedField, changed: list[tuple[object, str]]) -> None:
    if not changed:
        return
    assert model._meta.pk is not None
    table, pk = model._meta.db_table, model._meta.pk.column
    kind = model._meta.pk.rel_db_type(connection)
    with quietly(), connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET "{field.column}" = it.token'
            f' FROM unnest(%s::{kind}[], %s::text[]) AS it(key, token) WHERE "{table}"."{pk}" = it.key',
            [[key for key, _ in changed], [new for _, new in changed]],
        )
