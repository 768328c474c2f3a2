"""The paper of a quote: what it shows, frozen when it is sent, and the PDF that is made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from billing.models import Letterhead as Ours
from billing.services import letterheads, statements
from herotill.messages.templates import Attachment
from herotill.pdf.letterhead import Letterhead, address_lines
from workflow.models import Quote, QuoteLine
from workflow.pdf import quotes as paper
from workflow.selectors import quotes as reading


def party_of(quote: Quote) -> tuple[str, tuple[str, ...], str]:
    """Name, address and VAT number of whom it is for, as they stand."""
    if quote.lead is None:
        assert quote.customer is not None
        found = statements.party_of(quote.customer)
        return found.name, found.address, found.vat_number
    lead = quote.lead
    lines = (lead.lines, lead.suburb, " ".join(filter(None, (lead.town, lead.postal_code))))
    return lead.name, address_lines("\n".join(filter(None, lines))), lead.vat_number


def freeze(quote: Quote, lines: Sequence[QuoteLine], letterhead: Ours) -> dict[str, Any]:
    """All that the paper shows, as JSON keeps it."""
    name, address, vat_number = party_of(quote)
    return {
        "letterhead": letterhead.pk,
        "name": quote.name,
        "day": str(quote.day),
        "expires_on": str(quote.expires_on),
        "party": {"name": name, "address": list(address), "vat_number": vat_number},
        "remark": quote.remark,
        "terms": quote.terms,
        "lines": [_line(line) for line in lines],
        "once": [str(quote.once_excl), str(quote.once_vat), str(quote.once)],
        "monthly": [str(quote.monthly_excl), str(quote.monthly_vat), str(quote.monthly)],
    }


def _line(line: QuoteLine) -> dict[str, Any]:
    return {
        "text": line.text,
        "monthly": line.monthly,
        "quantity": line.quantity,
        "price": str(line.price),
        "discount": str(line.discount),
        "vat_class": line.vat_class,
        "vat_rate": str(line.vat_rate),
        "incl": str(line.incl),
        "with_vat": line.product.price_includes_vat,
    }


def render(snapshot: dict[str, Any], ours: Ours, *, draft: bool = False) -> bytes:
    """The PDF of what was frozen; the same gives the same bytes."""
    day = date.fromisoformat(snapshot["day"])
    head = Letterhead.of(ours.details, day=day, logo=bytes(ours.logo) if ours.logo else None)
    party = snapshot["party"]
    return paper.render(
        paper.QuoteSheet(
            letterhead=head,
            name=snapshot["name"],
            day=day,
            expires_on=date.fromisoformat(snapshot["expires_on"]),
            to=paper.Party(party["name"], "", tuple(party["address"]), party["vat_number"]),
            remark=snapshot["remark"],
            terms=snapshot["terms"],
            lines=tuple(_shown(line) for line in snapshot["lines"]),
            once=paper.Sums(*map(Decimal, snapshot["once"])),
            monthly=paper.Sums(*map(Decimal, snapshot["monthly"])),
            draft=draft,
        )
    )


def _shown(line: dict[str, Any]) -> paper.SheetLine:
    return paper.SheetLine(
        text=line["text"],
        monthly=line["monthly"],
        quantity=line["quantity"],
        price=Decimal(line["price"]),
        discount=Decimal(line["discount"]),
        vat_class=line["vat_class"],
        vat_rate=Decimal(line["vat_rate"]),
        incl=Decimal(line["incl"]),
        with_vat=line["with_vat"],
    )


def keep(quote: Quote, lines: Sequence[QuoteLine]) -> None:
    """Freeze a quote and make its paper; the caller saves."""
    ours = letterheads.current()
    quote.snapshot = freeze(quote, lines, ours)
    quote.pdf = render(quote.snapshot, ours)
    quote.pdf_sha256 = hashlib.sha256(quote.pdf).hexdigest()


def preview(quote: Quote, *, expires_on: date) -> bytes:
    """The paper as it would go out now, marked as a draft; nothing is kept."""
    quote.expires_on, quote.terms = expires_on, reading.rules().terms
    ours = letterheads.today()
    return render(freeze(quote, reading.lines(quote), ours), ours, draft=True)


def stored(quote: int) -> Attachment:
    """The paper that was sent."""
    found = Quote.objects.only("number", "version", "pdf").get(pk=quote)
    return Attachment(f"{found.name}.pdf", bytes(found.pdf or b""))


def ready(quotes: Sequence[int]) -> set[int]:
    """Those of these quotes whose paper is stored."""
    return set(Quote.objects.filter(pk__in=quotes, pdf__isnull=False).values_list("pk", flat=True))
