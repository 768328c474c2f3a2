"""A column that holds a secret, and what stands in for it in Python."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import checks
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models

from .keys import encrypt

HIDDEN = "••••"


def _shown(text: str) -> str:
    """Text for a screen: whatever has no look, as a NUL, which PostgreSQL's texts hold not, is a dot."""
    return "".join(letter if letter.isprintable() else "·" for letter in text)


class Secret:
    """A secret as the database keeps it. Shows its last four and never its text; `reveal` opens it."""

    __slots__ = ("last_four", "token")

    def __init__(self, token: str, last_four: str = "") -> None:
        self.token = token
        self.last_four = last_four

    @classmethod
    def of(cls, text: str) -> Secret:
        """Encrypt `text`. Of a short secret no character is shown, since four would be half of it."""
        if not text:
            return cls("")
        return cls(encrypt(text), _shown(text[-4:]) if len(text) >= 8 else "")

    def __bool__(self) -> bool:
        return bool(self.token)

    def __str__(self) -> str:
        return f"{HIDDEN} {self.last_four}".strip() if self else ""

    def __repr__(self) -> str:
        return f"<Secret {self}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.token == self.token

    def __hash__(self) -> int:
        return hash(self.token)


class _Attribute:
    """Encrypts what is set, and sets the last four with it."""

    def __init__(self, field: EncryptedField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        secret = instance.__dict__[self.field.attname]
        if secret and not secret.last_four and self.field.last_four not in instance.get_deferred_fields():
            secret.last_four = getattr(instance, self.field.last_four)
        return secret

    def __set__(self, instance: models.Model, value: Secret | str | None) -> None:
        if not isinstance(value, Secret):
            value = Secret.of(value or "")
            setattr(instance, self.field.last_four, value.last_four)
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.TextField):
    """Text that only `reveal` reads, for people who hold `permission`.

    Set it with the plain text: `safe.combination = "12-34-56"`. What it gives back is a Secret, which shows
    as •••• and the last four; those are kept in the CharField named `last_four`, declared above it.
    It cannot be filtered by its value, nor set by `update()`.
    """

    description = "Encrypted text"

    def __init__(self, *args: Any, last_four: str, permission: str, **kwargs: Any) -> None:
        kwargs |= {"default": "", "db_default": "", "blank": True}
        self.last_four = last_four
        self.permission = permission
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs |= {"last_four": self.last_four, "permission": self.permission}
        for given in ("default", "db_default", "blank"):
            kwargs.pop(given, None)
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Attribute(self))

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_last_four()]

    def _check_last_four(self) -> list[checks.CheckMessage]:
        """The last four must come first, or a new object's default for them overwrites what was set."""
        try:
            companion = self.model._meta.get_field(self.last_four)
        except FieldDoesNotExist:
            return [
                checks.Error(
                    f"There is no field {self.last_four!r} for the last four.", obj=self, id="house.E101"
                )
            ]
        if getattr(companion, "creation_counter", 0) > self.creation_counter:
            return [
                checks.Error(f"Declare {self.last_four!r} above {self.name!r}.", obj=self, id="house.E102")
            ]
        return []

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Secret:
        return Secret(value or "")

    def to_python(self, value: Any) -> Any:
        return value

    def get_default(self) -> Secret:
        return Secret("")

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Secret):
            return value.token
        if value in (None, ""):
            return ""
        raise TypeError(f"{self.name} is set on the object, so that its last four are set with it.")

    def get_lookup(self, lookup_name: str) -> None:
        """There is none; Django then looks for a transform."""

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is encrypted and cannot be searched; its last four can.")

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        """An empty box, whatever is stored: leaving it empty keeps what is there."""
        box = forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False)
        given: dict[str, Any] = {"form_class": forms.CharField, "widget": box, "required": False} | kwargs
        return models.Field.formfield(self, **given)

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        if data and not isinstance(data, Secret):
            setattr(instance, self.attname, data)
