"""Creating customers from what an app above knows of them: what the dialog begins with, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from customers.models import Customer
from herotill.users.models import User

if TYPE_CHECKING:
    from customers.services.customers import NewCustomer


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A create dialog that is filled in already. An app shows it by `customers.views.creation.show`.

    `details`, `physical` and `postal` are the fields by name. `elsewhere` gives, for fields by their names in
    the form, what another source says of them; it stands below the field. `create` writes the customer, in the
    dialog's transaction, and `done` answers after it. `another` is a button: what it says, and its address.
    """

    title: str
    action: str
    create: Callable[[NewCustomer, User], Customer]
    done: Callable[[HttpRequest, Customer], HttpResponse]
    remarks: Sequence[str] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    physical: Mapping[str, str] = field(default_factory=dict)
    postal: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    another: tuple[str, str] | None = None
