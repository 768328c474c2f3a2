"""A master's sub-accounts, and what they share."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Customer, SharedWithMaster
from herotill.folding import fold


def subs_of(master: Customer, *, words: str = "") -> QuerySet[Customer]:
    """The sub-accounts a master may look after, by name; those whose name or code holds `words`."""
    found = Customer.objects.filter(master=master, anonymised_on=None).order_by("name_key", "id")
    return found.filter(Q(name_key__contains=fold(words)) | Q(code__icontains=words)) if words else found


def shares() -> Exists:
    """Whether a customer agreed that its present master sees what is private."""
    return Exists(SharedWithMaster.objects.filter(customer=OuterRef("pk"), master=OuterRef("master")))
