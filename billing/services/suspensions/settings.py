"""The rules of suspension, and what holds for one customer instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.models import SuspensionRules, SuspensionTerms
from billing.policies.suspending import Deed
from billing.services.suspensions import family
from billing.services.suspensions.running import act
from customers.models import Customer
from herotill.clock import local_day
from herotill.users.models import User


@transaction.atomic
def change_rules(*, values: Mapping[str, Any]) -> SuspensionRules:
    """Change the rules; they count from the next run on."""
    rules = SuspensionRules.objects.select_for_update().get()
    for name, value in values.items():
        setattr(rules, name, value)
    rules.save(update_fields=list(values))
    return rules


@transaction.atomic
def change_terms(
    *, customer: Customer, values: Mapping[str, Any], actor: User, now: datetime
) -> SuspensionTerms:
    """Say what holds for a customer; one who is never suspended any more gets service back at once."""
    family.hold([customer.pk], local_day(now))
    Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    terms = SuspensionTerms.objects.filter(customer=customer).first() or SuspensionTerms(customer=customer)
    for name, value in values.items():
        setattr(terms, name, value)
    if not terms.disabled:
        terms.disabled_why = ""
    terms.save()
    if terms.disabled:
        act([customer.pk], day=local_day(now), now=now, actor=actor, only=Deed.RESET)
    return terms
