"""What leads are missing before they come to Customers – Active and to Job cards."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from billing.models import DebitDetail, Mandate, RecurringItem, StoredCard
from customers.models import Customer
from dataaccounts.models import DataAccount
from dataaccounts.selectors import checks
from workflow.models import Lead, Quote, QuoteLine, TakenOver

NO_PROFILE = "The profile is not created yet."
NO_METHOD = "No payment method is set."
NO_ACCOUNT = "The account for the debit order is not filled in."
NO_PRODUCTS = "No products are set up."
NOT_ALL = "Not all of the quote is taken over or left out."
NO_MANDATE = "The mandate for the debit order is not signed."
NO_CARD = "The card is not verified."
METHOD = Customer.PaymentMethod


def without_profile(leads: Collection[int]) -> dict[int, str]:
    return _all(Lead.objects.filter(pk__in=leads, customer=None), NO_PROFILE)


def _all(found: QuerySet[Lead], sentence: str) -> dict[int, str]:
    return dict.fromkeys(found.values_list("pk", flat=True), sentence)


def without_payment_method(leads: Collection[int]) -> dict[int, str]:
    """Who has no way to pay; a debit order is one only with an account to debit."""
    detail = DebitDetail.objects.filter(customer=OuterRef("customer"), replaced_at=None)
    said = Case(
        When(Q(customer=None) | Q(customer__payment_method=METHOD.UNKNOWN), then=Value(NO_METHOD)),
        When(Q(customer__payment_method=METHOD.DEBIT_ORDER) & ~Exists(detail), then=Value(NO_ACCOUNT)),
        default=Value(""),
        output_field=CharField(),
    )
    found = Lead.objects.filter(pk__in=leads).annotate(said=said).exclude(said="")
    return dict(found.values_list("pk", "said"))


def without_products(leads: Collection[int]) -> dict[int, str]:
    """Who has neither a data account nor a monthly item that is newer than the lead, and whose accepted quote holds
    something that was neither taken over nor left out.

    A customer who was there before does not pass by what they have already. Where the quote holds nothing
    monthly, what was taken over of it is enough.
    """
    account = DataAccount.objects.filter(
        customer=OuterRef("customer"), created_at__gte=OuterRef("created_at")
    ).exclude(state=DataAccount.State.CANCELLED)
    item = RecurringItem.objects.filter(
        customer=OuterRef("customer"), once=False, created_at__gte=OuterRef("created_at")
    )
    monthly = QuoteLine.objects.filter(
        quote__lead=OuterRef("pk"), quote__state=Quote.State.ACCEPTED, monthly=True
    )
    taken = TakenOver.objects.filter(lead=OuterRef("pk"), left="")
    has = Exists(account) | Exists(item) | Exists(taken.filter(line__monthly=True))
    once = Exists(taken) & ~Exists(monthly)
    found = Lead.objects.filter(pk__in=leads)
    return _all(found.filter(Exists(_open_lines())), NOT_ALL) | _all(found.exclude(has | once), NO_PRODUCTS)


def _open_lines() -> QuerySet[QuoteLine]:
    """Lines of the quote that a lead accepted last with parts that nobody decided about yet."""
    quotes = Quote.objects.filter(lead=OuterRef(OuterRef("pk")), state=Quote.State.ACCEPTED)
    newest = quotes.order_by("-answered_at", "-pk").values("pk")[:1]
    lines = QuoteLine.objects.filter(quote=Subquery(newest)).annotate(decided=Count("taken_over"))
    return lines.filter(Q(decided=0) | Q(package__isnull=False, decided__lt=F("quantity")))


def without_identity_check(leads: Collection[int]) -> dict[int, str]:
    """Whose identity or address nobody has checked against a document."""
    customers = _customers(leads)
    lacking = checks.missing({pk for pk in customers.values() if pk})
    return {
        lead: _unchecked(lacking.get(customer or 0, list(checks.KINDS)))
        for lead, customer in customers.items()
        if customer is None or customer in lacking
    }


def _customers(leads: Collection[int]) -> dict[int, int | None]:
    return dict(Lead.objects.filter(pk__in=leads).values_list("pk", "customer"))


def _unchecked(kinds: list[str]) -> str:
    words = " and ".join(checks.LABELS[kind].lower() for kind in kinds)
    return f"{words.capitalize()} {'is' if len(kinds) == 1 else 'are'} not checked."


def without_mandate(leads: Collection[int]) -> dict[int, str]:
    """Who pays by debit order without a signed mandate, or by a card that is not verified."""
    mandate = Mandate.objects.filter(customer=OuterRef("customer"), status=Mandate.Status.ACTIVE)
    card = StoredCard.objects.filter(customer=OuterRef("customer"), status=StoredCard.Status.ACTIVE)
    said = Case(
        When(Q(customer__payment_method=METHOD.DEBIT_ORDER) & ~Exists(mandate), then=Value(NO_MANDATE)),
        When(Q(customer__payment_method=METHOD.CREDIT_CARD) & ~Exists(card), then=Value(NO_CARD)),
        default=Value(""),
        output_field=CharField(),
    )
    found = Lead.objects.filter(pk__in=leads).annotate(said=said).exclude(said="")
    return dict(found.values_list("pk", "said"))
