"""Which models are audited, and in which words their changes are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import pgtrigger
from django.apps import apps
from django.db.models import Field, GeneratedField, Model

from .triggers import Added, Changed, Removed

AnyModel = TypeVar("AnyModel", bound=type[Model])


@dataclass(frozen=True)
class Subject:
    """One audited model.

    `customer` leads to the customer it belongs to: a foreign key, `pk` for the customer itself, or a
    path such as `note__customer`. `words` are the columns that name a row, of which the first that is
    filled in counts; `code` is one that follows in brackets. `secret` fields are kept as "changed",
    `sensitive` ones need a right of their own to be read.
    """

    model: type[Model]
    customer: str = ""
    exclude: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    secret: frozenset[str] = frozenset()
    sensitive: Mapping[str, str] = field(default_factory=dict)
    permission: str = ""
    noun: str = ""
    code: str = ""
    is_link: bool = False

    @cached_property
    def label(self) -> str:
        """How events name the model; a link goes by its table's model, not by the proxy that watches it."""
        return self.model._meta.concrete_model._meta.label_lower  # type: ignore[union-attr]

    @cached_property
    def thing(self) -> str:
        """What a person calls it."""
        noun = self.noun or str(self.model._meta.verbose_name)
        return noun[:1].upper() + noun[1:]

    @cached_property
    def fields(self) -> tuple[Field[Any, Any], ...]:
        """The columns whose changes are kept, the customer it belongs to among them."""
        left_out = self.exclude | {self.model._meta.pk.name} | self._companions
        return tuple(
            one
            for one in self.model._meta.local_concrete_fields or self.model._meta.concrete_fields
            if one.name not in left_out and not isinstance(one, GeneratedField)
        )

    @cached_property
    def _companions(self) -> frozenset[str]:
        found = (getattr(one, "last_four", "") for one in self.model._meta.concrete_fields)
        return frozenset(name for name in found if name)

    @cached_property
    def by_name(self) -> dict[str, Field[Any, Any]]:
        return {one.name: one for one in self.fields}

    def right_to_read(self, name: str) -> str:
        """The permission without which this field's values are masked; empty when there is none."""
        return self.sensitive.get(name, "")


subjects: dict[str, Subject] = {}
_named: dict[str, tuple[str, ...]] = {}


def audited(
    customer: str = "",
    *,
    exclude: Sequence[str] = (),
    words: Sequence[str] = (),
    secret: Sequence[str] = (),
    sensitive: Mapping[str, str] | None = None,
    permission: str | None = None,
    noun: str = "",
    code: str = "",
) -> Callable[[AnyModel], AnyModel]:
    """Record every change of a model: `@audited(customer="customer")`.

    Leave derived columns out with `exclude`, so that they make no events. Without `permission`, reading
    the model's trail asks the right to view the model.
    """

    def declare(model: AnyModel) -> AnyModel:
        needed = (
            f"{model._meta.app_label}.view_{model._meta.model_name}" if permission is None else permission
        )
        subject = Subject(
            model=model,
            customer=customer,
            exclude=frozenset(exclude),
            words=tuple(words) or _usual_words(model),
            secret=frozenset(secret),
            sensitive=dict(sensitive or {}),
            permission=needed,
            noun=noun,
            code=code,
        )
        _watch(subject)
        return model

    return declare


def audited_links(
    source: type[Model], name: str, *, app_label: str, noun: str, permission: str, customer: str = ""
) -> type[Model]:
    """Record the rows of a many-to-many table that Django made: labels put on, roles given.

    Returns the proxy that carries the triggers in migrations; bind it to a name in the models module.
    """
    through = getattr(source, name).through
    meta = type(
        "Meta", (), {"proxy": True, "app_label": app_label, "default_permissions": (), "verbose_name": noun}
    )
    title = f"{source.__name__}{name.title().replace('_', '')}Audit"
    proxy = type(
        title, (through,), {"__module__": f"{apps.get_app_config(app_label).name}.models", "Meta": meta}
    )
    _watch(Subject(model=proxy, customer=customer, permission=permission, noun=noun, is_link=True))
    return proxy


def in_words(model: str, *columns: str) -> None:
    """Say which columns name a row of a model that is not audited itself but pointed at by one that is."""
    _named[model.lower()] = columns


def naming(model: type[Model]) -> tuple[str, ...]:
    """The columns that name a row of `model`."""
    label = model._meta.label_lower
    if label in subjects:
        return subjects[label].words
    return _named.get(label) or _usual_words(model)


def _usual_words(model: type[Model]) -> tuple[str, ...]:
    present = {one.name for one in model._meta.concrete_fields}
    return tuple(name for name in ("name", "label", "title", "code", "username") if name in present)[:1]


def _watch(subject: Subject) -> None:
    subjects[subject.label] = subject
    pgtrigger.register(Added(subject), Changed(subject), Removed(subject))(subject.model)
