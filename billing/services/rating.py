"""The rate of VAT of lines that follow their document's date."""

from __future__ import annotations

from billing.models import Document, DocumentKind, Line
from billing.policies import lines as policy
from herotill.reference.selectors.vat import rates


def rate_anew(*, document: Document) -> None:
    """Give the lines of a draft invoice without days of service the rate of its date. Its totals are not made."""
    if document.kind != DocumentKind.INVOICE:
        return
    for line in document.lines.filter(first=None).select_related("product"):
        (part,) = policy.parts(
            policy.worth(line.quantity, line.unit_price, line.discount),
            vat_class=line.product.vat_class if line.product else _own_class(line),
            includes_vat=line.includes_vat,
            rates=rates(),
            document_date=document.document_date,
        )
        line.vat_class, line.vat_rate = part.tax
        line.excl, line.vat, line.incl = part.amounts
        line.save(update_fields=["vat_class", "vat_rate", "excl", "vat", "incl"])


def _own_class(line: Line) -> str:
    return "standard" if line.vat_class == "outside" else line.vat_class
