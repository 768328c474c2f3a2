"""What is read of quotes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from billing.models import BillingProfile
from customers.models import Customer
from dataaccounts.models import Package
from herotill.clock import local_day
from herotill.reference.models import Product
from herotill.reference.selectors.prices import prices
from workflow.models import DeclineReason, Lead, Place, Quote, QuoteLine, SalesRules, Survey
from workflow.policies import way

State = Quote.State
OPEN = (State.DRAFT, State.SENT)
WITH = ("lead", "customer", "created_by", "sent_by", "decline_reason", "acceptance__by")


def rules() -> SalesRules:
    return SalesRules.objects.get()


def find(pk: int) -> Quote | None:
    """A quote with what its page names."""
    return Quote.objects.select_related(*WITH).defer("pdf").filter(pk=pk).first()


def lines(quote: Quote) -> list[QuoteLine]:
    return list(quote.lines.select_related("product", "package"))


def versions(quote: Quote) -> list[Quote]:
    """All versions of one quote, the newest first."""
    return list(
        Quote.objects.filter(number=quote.number).defer("pdf", "snapshot", "terms").order_by("-version")
    )


def of_lead(lead: int) -> list[Quote]:
    """A lead's quotes, the newest first."""
    return list(_light(Quote.objects.filter(lead=lead)))


def of_customer(customer: Customer, *, limit: int) -> tuple[list[Quote], int]:
    """A customer's newest quotes, those they were given as a lead too, and how many there are."""
    own = Quote.objects.filter(
        Q(customer=customer) | Q(lead__in=Lead.objects.filter(customer=customer).values("pk"))
    )
    return list(_light(own)[:limit]), own.count()


SHOWN = (State.SENT, State.ACCEPTED, State.DECLINED, State.EXPIRED)


def shown_to(customer: Customer, *, limit: int = 50) -> list[Quote]:
    """What was offered to a customer and they may read, the newest first; those they were given as a lead too."""
    return list(_light(_own(customer).filter(state__in=SHOWN))[:limit])


def to_answer(customer: Customer, today: date) -> list[Quote]:
    """The quotes that wait for this customer's answer."""
    sent = _light(_own(customer).filter(state=State.SENT, expires_on__gte=today))
    return [one for one in sent[:20] if is_answerable(one, today)]


def one_shown_to(customer: Customer, pk: int) -> Quote | None:
    """One of a customer's quotes with what its page names."""
    found = _own(customer).filter(state__in=SHOWN, pk=pk)
    return found.select_related("lead", "decline_reason", "acceptance").defer("pdf").first()


def _own(customer: Customer) -> QuerySet[Quote]:
    return Quote.objects.filter(Q(customer=customer) | Q(lead__customer=customer))


def _light(found: QuerySet[Quote]) -> QuerySet[Quote]:
    return found.select_related("lead").defer("pdf", "snapshot", "terms").order_by("-number", "-version")


def accepted(lead: Lead) -> Quote | None:
    """The quote that a lead accepted last, with its acceptance."""
    found = Quote.objects.filter(lead=lead, state=State.ACCEPTED).select_related("acceptance")
    return found.defer("pdf").order_by("-answered_at", "-pk").first()


def not_accepted(leads: Collection[int]) -> dict[int, str]:
    """Of these leads those that accepted no quote, and what is missing."""
    stood = Quote.objects.filter(lead__in=leads).order_by("lead_id", "-number", "-version")
    newest: dict[int, tuple[str, str]] = {}
    done: set[int] = set()
    for quote in stood.only("lead_id", "number", "version", "state"):
        newest.setdefault(quote.lead_id or 0, (quote.name, quote.state))
        if quote.state == State.ACCEPTED:
            done.add(quote.lead_id or 0)
    return {lead: _lacks(*newest.get(lead, ("", ""))) for lead in leads if lead not in done}


def _lacks(name: str, state: str) -> str:
    said = {
        State.DRAFT: f"{name} is not sent yet.",
        State.SENT: f"{name} is not answered yet.",
        State.DECLINED: f"{name} was declined.",
        State.EXPIRED: f"{name} expired without an answer.",
        State.WITHDRAWN: f"{name} was withdrawn.",
    }
    return {str(key): words for key, words in said.items()}.get(state, "Needs a quote.")


def is_answerable(quote: Quote, today: date) -> bool:
    """Whether its link still opens it: sent, within its days, and its lead neither lost nor merged."""
    stands = quote.state == State.SENT and quote.expires_on is not None and quote.expires_on >= today
    return stands and (quote.lead is None or goes_on(quote.lead))


def goes_on(lead: Lead) -> bool:
    """Whether a lead may be sold to: not lost, not merged into another."""
    return lead.place != Place.LOST and lead.merged_into_id is None


def is_before(lead: Lead, place: str) -> bool:
    """Whether a lead has yet to come to a list on the way."""
    return lead.place not in way.WAY or way.WAY.index(lead.place) < way.WAY.index(place)


def price_list_of(quote: Quote) -> int | None:
    """The price list of the customer it is for."""
    customer = quote.customer_id or (quote.lead.customer_id if quote.lead else None)
    if customer is None:
        return None
    return BillingProfile.objects.filter(customer=customer).values_list("price_list_id", flat=True).first()


def list_price(quote: Quote, product: Product) -> Decimal | None:
    """What a product costs whom it is for, on the quote's day."""
    return prices([product.pk]).on(product.pk, price_list_of(quote), quote.day)


@dataclass(frozen=True, slots=True)
class Moved:
    """A line whose list price is another by now."""

    line: QuoteLine
    now: Decimal | None


def moved_prices(quote: Quote, found: Sequence[QuoteLine], today: date) -> list[Moved]:
    """The lines whose list price has changed since they were written."""
    listed = [line for line in found if line.list_price is not None and not line.of_survey]
    table, own = prices({line.product_id for line in listed}), price_list_of(quote)
    now = [(line, table.on(line.product_id, own, today)) for line in listed]
    return [Moved(line, price) for line, price in now if price != line.list_price]


def products() -> QuerySet[Product]:
    """What is sold but packages: those come with a data account and are offered as such."""
    return (
        Product.objects.filter(retired=False)
        .exclude(pk__in=packages().values("product"))
        .order_by("name_key")
    )


def packages() -> QuerySet[Package]:
    """What is sold every month with a data account."""
    return Package.objects.filter(retired=False, staff=False, product__isnull=False).select_related("product")


def extra_of(quote: Quote) -> Survey | None:
    """The newest survey of its lead, where it found a cost that no line of the quote names yet."""
    if quote.lead_id is None or quote.lines.filter(of_survey=True).exists():
        return None
    done = (
        Survey.objects.filter(lead=quote.lead_id, state=Survey.State.DONE).order_by("-done_at", "-pk").first()
    )
    return done if done and done.cost and done.outcome != Survey.Outcome.NOT_FEASIBLE else None


def decline_reasons() -> QuerySet[DeclineReason]:
    return DeclineReason.objects.filter(retired=False)


def waiting(now: datetime, *, soon: date) -> tuple[int, int]:
    """How many quotes wait for an answer, and how many of these expire by a day."""
    sent = Quote.objects.filter(state=State.SENT, expires_on__gte=local_day(now))
    found = sent.aggregate(every=Count("pk"), soon=Count("pk", filter=Q(expires_on__lte=soon)))
    return found["every"], found["soon"]
