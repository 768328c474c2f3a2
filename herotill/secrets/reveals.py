"""The one way in which a person gets to read a secret."""

from __future__ import annotations

from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Model

from herotill.audit import subjects
from herotill.audit.sql import row_name
from herotill.audit.triggers import customer_expression, words
from herotill.errors import DomainError

from .fields import EncryptedField, Secret
from .keys import decrypt


def reveal(*, obj: Model, field: str, actor: Any, reason: str) -> str:
    """The text of a secret, for somebody with the field's right and a reason.

    Who saw what, why and from where is committed before the text is handed out; so this cannot run inside
    a transaction that could still be undone. Raises PermissionDenied without the right and DomainError
    without a reason.
    """
    declared = obj._meta.get_field(field)
    if not isinstance(declared, EncryptedField):
        raise TypeError(f"{field} holds no secret.")
    if not actor.has_perm(declared.permission):
        raise PermissionDenied
    if not reason.strip():
        raise DomainError("Say why you need to see it; the reason is kept.", field="reason")
    with transaction.atomic(durable=True):
        _record(obj, declared, actor, reason.strip()[:300])
        secret: Secret = getattr(obj, field)
    return decrypt(secret.token) if secret else ""


def _record(obj: Model, field: EncryptedField, actor: Any, reason: str) -> None:
    from herotill.models import SecretReveal

    customer_id, name = _whose(obj)
    SecretReveal.objects.create(
        model=obj._meta.label_lower,
        object_id=str(obj.pk),
        customer_id=customer_id,
        name=name,
        field=str(field.verbose_name),
        actor_id=actor.pk,
        reason=reason,
        **_from_where(),
    )


def _whose(obj: Model) -> tuple[int | None, str]:
    """The customer and the name under which the audit knows the object."""
    subject = subjects.get(obj._meta.label_lower)
    if subject is None or obj._meta.pk is None:
        return None, str(obj)[:200]
    customer = customer_expression(subject).replace("{row}", "it") or "NULL"
    columns = f"{customer}, {row_name(words(subject), 'it')}"
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {columns} FROM "{obj._meta.db_table}" it WHERE it."{obj._meta.pk.column}" = %s', [obj.pk]
        )
        found = cursor.fetchone()
    return found if found else (None, str(obj)[:200])


def _from_where() -> dict[str, Any]:
    """What the audit's context says of the source, or that there is none."""
    with pghistory.context() as current:
        told = dict(current.metadata)
    return {"source": told.get("source") or "database", "ip": told.get("ip")}
