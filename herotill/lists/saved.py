"""Saved views: a list set up once, under a name, for oneself or for everybody who may see the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from herotill.errors import DomainError
from herotill.models import SavedView


def of(*, user: Any, list_name: str) -> list[SavedView]:
    """The person's own views of a list, and those shared by others."""
    theirs = Q(owner_id=user.pk) | Q(shared=True)
    return list(SavedView.objects.filter(theirs, list_name=list_name).order_by("name_key", "id"))


def save(*, view: SavedView, name: str, shared: bool) -> SavedView:
    """Keep a view under its name. Raises DomainError if the person has another one of that name."""
    view.name, view.shared = name, shared
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise DomainError(
            f"You already have a view called “{name}”. Give this one another name.", field="name"
        ) from None
    return view


def show(*, view: SavedView, query: str, columns: Sequence[str]) -> None:
    """Let the view show other rows and columns from now on. The caller saves it."""
    view.query, view.columns = query, list(columns)
