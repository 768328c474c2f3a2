"""New customers of the demo: under Active one without anything, one without a way to pay, one without products; and
whoever is further on has what their quote held."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from customers.models import Customer
from herotill.clock import local_day
from herotill.demo import DemoOrder
from herotill.users.models import User
from workflow.models import Lead, Place, TakenOver
from workflow.selectors import quotes
from workflow.services import new_products

FURTHER = (Place.JOB_NEW, Place.JOB_SCHEDULED, Place.JOB_STARTED, Place.JOB_FAILED, Place.INVOICE_NEW)
AHEAD = timedelta(days=7)


def make_new_customers(order: DemoOrder) -> None:
    """What the accepted quotes held becomes the customers', once."""
    if TakenOver.objects.exists():
        return
    now = order.moment
    actor = User.objects.filter(username="accounts").first()
    with transaction.atomic():
        leads = Lead.objects.filter(customer__isnull=False).select_related("customer").order_by("pk")
        for lead in leads.filter(step__in=FURTHER):
            _pays(lead)
            _has_what_was_quoted(lead, actor, now)
        for number, lead in enumerate(leads.filter(step=Place.CUSTOMER_ACTIVE)):
            if number % 3 == 1:
                _has_what_was_quoted(lead, actor, now)
            elif number % 3 == 2:
                _pays(lead)
    order.say(f"{TakenOver.objects.count()} things taken over from quotes")


def _pays(lead: Lead) -> None:
    """By EFT, for a debit order would need an account."""
    Customer.objects.filter(leads=lead).update(payment_method=Customer.PaymentMethod.EFT)


def _has_what_was_quoted(lead: Lead, actor: User | None, now: datetime) -> None:
    if quotes.accepted(lead):
        new_products.make_all(lead=lead, day=local_day(now) + AHEAD, actor=actor, now=now)
