"""Price rises to come: who was told, who was not, and telling them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.selectors import price_rises as reading
from billing.services import price_notices
from billing.views.dialogs import answer
from herotill.access import staff_view
from herotill.forms import Form
from herotill.messages.selectors import wordings
from herotill.money import rand
from herotill.pages import posted
from herotill.reference.models import Price

SHOWN = 500


@require_safe
@staff_view("billing.view_pricenotice")
def rises(request: HttpRequest) -> HttpResponse:
    """Prices that rise, of products and of items' own."""
    today = timezone.localdate()
    own = reading.own_rises(today=today)
    context = {
        "rises": reading.rises(today=today),
        "own": own[:SHOWN],
        "own_count": len(own),
        "lacking": sum(rise.lacks for rise in own),
        "page_title": "Price rises",
    }
    return render(request, "billing/price_notices/rises.html", context)


def _price(pk: int) -> Price:
    return get_object_or_404(Price.objects.select_related("product", "price_list"), pk=pk)


@require_safe
@staff_view("billing.view_pricenotice")
def rise(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom one price makes something dearer."""
    price = _price(pk)
    met = reading.customers(price=price)
    context = {
        "price": price,
        "rise": reading.rise(price=price, today=timezone.localdate()),
        "customers": met[:SHOWN],
        "count": len(met),
        "page_title": f"{price.product}: {rand(price.amount)} from {price.starts_on}",
    }
    return render(request, "billing/price_notices/rise.html", context)


def _preview() -> tuple[str, str]:
    """Subject and text as they are in use."""
    subject, text, _ = wordings.current(["price_notice"])["price_notice"]
    return subject, text


@staff_view("billing.send_price_notices")
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell everybody whom a price meets and who was not told, after a look at how many and in which words."""
    price = _price(pk)
    found = reading.rise(price=price, today=timezone.localdate())

    def tell(form: Form) -> tuple[str, str]:
        count = price_notices.announce(price=price, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return _said(count), reverse("billing:price-rise", args=[price.pk])

    return _dialog(request, found.lacking, tell)


@staff_view("billing.send_price_notices")
def send_own(request: HttpRequest) -> HttpResponse:
    """Tell everybody whose own price of an item or account rises and who was not told."""
    lacking = [rise for rise in reading.own_rises(today=timezone.localdate()) if rise.lacks]

    def tell(form: Form) -> tuple[str, str]:
        now, who = timezone.now(), request.user
        count = 0
        for source in {rise.source for rise in lacking}:
            prices = [rise.price_id for rise in lacking if rise.source == source]
            count += price_notices.announce_own_prices(source=source, prices=prices, actor=who, now=now)  # type: ignore[arg-type]
        return _said(count), reverse("billing:price-rises")

    return _dialog(request, len(lacking), tell)


def _said(count: int) -> str:
    notices = "1 notice is" if count == 1 else f"{count:,} notices are"
    return f"{notices} on the way. A rise counts for whom it was sent to in time."


def _dialog(request: HttpRequest, count: int, tell: object) -> HttpResponse:
    customers = "1 customer" if count == 1 else f"{count:,} customers"
    subject, text = _preview()
    return answer(
        request,
        form=Form(posted(request)),
        title="Send notices of a price rise",
        press=f"Send notices to {customers}",
        do=tell,  # type: ignore[arg-type]
        template="billing/price_notices/send.html",
        count=count,
        subject=subject,
        text=text,
    )
