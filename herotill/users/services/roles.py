"""Roles: made and renamed; what they hold is set in the matrix."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from herotill.errors import DomainError
from herotill.users.models import Role


@transaction.atomic
def create(*, label: str, description: str, second_factor_required: bool) -> Role:
    """A new role, which holds nothing yet."""
    name = slugify(label)
    if not name or Role.objects.filter(name=name).exists():
        raise DomainError("There is a role of this name.", field="label")
    return Role.objects.create(
        name=name, label=label, description=description, second_factor_required=second_factor_required
    )


@transaction.atomic
def change(*, role: Role, label: str, description: str, second_factor_required: bool) -> Role:
    """Rename a role or say whether its people need a second factor; they set one up before their next page."""
    if Role.objects.filter(label__iexact=label).exclude(pk=role.pk).exists():
        raise DomainError("There is a role of this name.", field="label")
    Role.objects.filter(pk=role.pk).update(
        label=label, description=description, second_factor_required=second_factor_required
    )
    return Role.objects.get(pk=role.pk)
