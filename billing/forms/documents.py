"""What is typed on documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms as django_forms

from billing.models import AdjustmentReason, BillingProfile, Document, Grounds, Line, OpenItem
from billing.policies.crediting import Credited
from billing.selectors.crediting import Owed
from billing.services import drafts
from billing.services.drafts import LineValues
from herotill import forms, vat
from herotill.money import rand
from herotill.reference.models import Product
from herotill.reference.selectors.prices import prices

MOST = Decimal(10**10)  # rand
NUMERIC = {"inputmode": "decimal", "autocomplete": "off"}


def day_field(label: str, **more: Any) -> django_forms.DateField:
    return django_forms.DateField(
        label=label, widget=django_forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


def reason_field(
    label: str = "Reason", help_text: str = "Printed on the document."
) -> django_forms.CharField:
    return django_forms.CharField(
        label=label, max_length=300, help_text=help_text, widget=django_forms.TextInput(attrs={"wide": True})
    )


class _Seen(forms.Form):
    """What the person saw of the draft when the dialog opened."""

    seen = django_forms.CharField(required=False, widget=django_forms.HiddenInput)


class NewInvoiceForm(forms.Form):
    """A draft invoice to be filled by hand."""

    day = day_field("Date")
    reference = django_forms.CharField(label="Customer's reference", max_length=100, required=False)


class HeadForm(_Seen):
    """Dates and reference of a draft."""

    document_date = day_field("Date")
    due_date = day_field("Due")
    reference = django_forms.CharField(label="Customer's reference", max_length=100, required=False)


class LineForm(_Seen):
    """A line of a draft: a product at the price of the day, or anything else."""

    product = django_forms.ModelChoiceField(
        Product.objects.filter(retired=False), required=False, empty_label="No product"
    )
    text = django_forms.CharField(
        label="Description", max_length=300, required=False, help_text="Empty: as the product says."
    )
    quantity = django_forms.DecimalField(
        max_digits=12, decimal_places=3, initial=1, widget=django_forms.TextInput(attrs=NUMERIC)
    )
    unit_price = forms.AmountField(
        label="Price", required=False, help_text="Empty: the product's price on the document's date."
    )
    discount = django_forms.DecimalField(
        label="Discount in %",
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
        required=False,
        widget=django_forms.TextInput(attrs=NUMERIC),
    )
    vat_class = django_forms.ChoiceField(
        label="VAT",
        choices=vat.PRODUCT_CLASSES,
        initial="standard",
        required=False,
        help_text="Of a line without a product.",
    )
    includes_vat = django_forms.BooleanField(label="The price includes VAT", required=False, initial=True)
    first = day_field("Service from", required=False)
    last = day_field("Service to", required=False)

    def __init__(self, *args: Any, document: Document, **more: Any) -> None:
        super().__init__(*args, **more)
        self.document = document

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        product: Product | None = data.get("product")
        if product:
            self._take(product, data)
        if not data.get("text") and not self.errors.get("text"):
            self.add_error("text", "Say what it is for.")
        if data.get("unit_price") is None and not self.errors.get("unit_price"):
            self.add_error("unit_price", "Give a price.")
        if (data.get("quantity") or 0) * (data.get("unit_price") or 0) >= MOST:
            self.add_error("quantity", f"A line comes to less than {rand(MOST)}.")
        if bool(data.get("first")) != bool(data.get("last")):
            self.add_error("last", "Give both days, or neither.")
        elif data.get("first") and data["last"] < data["first"]:
            self.add_error("last", "It cannot end before it begins.")
        return data

    def _take(self, product: Product, data: dict[str, Any]) -> None:
        data["text"] = data.get("text") or product.invoice_text
        data["vat_class"] = product.vat_class
        if data.get("unit_price") is None and "unit_price" not in self.errors:
            data["unit_price"] = self._price(product)
            data["includes_vat"] = product.price_includes_vat
            if data["unit_price"] is None:
                self.add_error("unit_price", f"{product.name} has no price on {self.document.document_date}.")

    def _price(self, product: Product) -> Decimal | None:
        profile = BillingProfile.objects.filter(customer=self.document.customer_id).first()
        price_list = profile.price_list_id if profile else None
        return prices([product.pk]).on(product.pk, price_list, self.document.document_date)

    def values(self) -> LineValues:
        data = self.cleaned_data
        return LineValues(
            text=data["text"],
            quantity=data["quantity"],
            unit_price=data["unit_price"],
            discount=data["discount"] or Decimal(0),
            product=data["product"],
            vat_class=data["vat_class"] or "standard",
            includes_vat=data["includes_vat"],
            first=data["first"],
            last=data["last"],
        )

    @staticmethod
    def initial_of(line: Line) -> dict[str, Any]:
        names = "product text quantity unit_price discount includes_vat first last".split()
        found = {name: getattr(line, name) for name in names}
        found["quantity"] = f"{line.quantity.normalize():f}"
        found["unit_price"] = line.unit_price.quantize(Decimal("0.01"))
        return found | {"vat_class": line.vat_class if line.vat_class != "outside" else "standard"}


class RemoveLineForm(_Seen):
    """What becomes of what the line billed."""

    then = django_forms.ChoiceField(
        label="What it bills",
        choices=[
            (drafts.WAIT, "waits for the next draft"),
            (drafts.WAIVE, "is waived: it is never billed"),
        ],
        initial=drafts.WAIT,
        widget=django_forms.RadioSelect,
    )
    reason = reason_field("Reason for waiving it", "Kept with the waiver.")

    def __init__(self, *args: Any, line: Line, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["reason"].required = False
        if not line.source:
            del self.fields["then"], self.fields["reason"]


class SeenForm(_Seen):
    """Nothing but what the person saw."""


class PerLineForm(forms.Form):
    """An amount for each line of an issued document, VAT included, and why."""

    def __init__(
        self, *args: Any, lines: Sequence[tuple[Line, Credited]], fill: bool, today: date, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.lines = lines
        for line, credited in lines:
            left = credited.left.incl
            self.fields[f"amount_{line.pk}"] = forms.AmountField(
                label=line.text,
                required=False,
                initial=left if fill else None,
                disabled=fill and not left,
                widget=django_forms.TextInput(attrs=NUMERIC | {"class": "input num"}),
            )
        self.fields["day"] = day_field("Date", initial=today)
        self.fields["reason"] = reason_field()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each line with its field, as the dialog's table shows them."""
        return [
            {"line": line, "left": credited.left.incl, "field": self[f"amount_{line.pk}"]}
            for line, credited in self.lines
        ]

    @property
    def others(self) -> list[Any]:
        return [self["day"], self["reason"]]

    def amounts(self) -> dict[int, Decimal]:
        found = {line.pk: self.cleaned_data.get(f"amount_{line.pk}") for line, _ in self.lines}
        return {pk: amount for pk, amount in found.items() if amount}


class AdjustmentForm(forms.Form):
    """A signed amount with a reason of the managed list."""

    amount = forms.AmountField(help_text="Above zero the customer owes more, below zero less. No VAT.")
    day = day_field("Date")
    why = django_forms.ModelChoiceField(
        AdjustmentReason.objects.filter(retired=False),
        label="For",
        empty_label="Choose what for",
        help_text="A change of price is none of these: make a credit or debit note.",
    )
    text = reason_field("Explanation")


class WriteOffForm(forms.Form):
    """Which documents of a customer are written off, and on what grounds."""

    named = django_forms.MultipleChoiceField(
        label="Documents", widget=django_forms.CheckboxSelectMultiple(attrs={"wide": True})
    )
    recovery = django_forms.ChoiceField(
        label="Recovery", choices=Grounds.Recovery.choices, widget=django_forms.RadioSelect
    )
    day = day_field("Date")
    reason = reason_field()

    def __init__(self, *args: Any, owed: Sequence[Owed], **more: Any) -> None:
        super().__init__(*args, **more)
        named = self.fields["named"]
        named.choices = [  # type: ignore[attr-defined]
            (one.document.pk, f"{one.document} of {one.document.document_date}: {rand(one.open)} open")
            for one in owed
        ]

    def clean_named(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["named"]]


class RecoverForm(forms.Form):
    """How much of a write-off came in after all."""

    amount = forms.AmountField(
        help_text="Paid from the customer's unallocated credit; its VAT is posted again."
    )
    day = day_field("Date")


class CorrectForm(forms.Form):
    """The right particulars."""

    bill_to = django_forms.CharField(
        label="Name", max_length=401, widget=django_forms.TextInput(attrs={"wide": True})
    )
    address = django_forms.CharField(
        required=False, max_length=1000, widget=django_forms.Textarea(attrs={"rows": 4, "wide": True})
    )
    vat_number = django_forms.CharField(label="VAT number", max_length=20, required=False)
    requested_on = day_field("Asked for on", help_text="The correction is due 21 days after.")
    reason = reason_field("What was wrong")


class AllocateForm(forms.Form):
    """With what, and how much."""

    other = django_forms.ChoiceField(label="With")
    amount = forms.AmountField(required=False, help_text="Empty: as much as both have open.")

    def __init__(self, *args: Any, items: Sequence[OpenItem], **more: Any) -> None:
        super().__init__(*args, **more)
        self.items = {str(item.pk): item for item in items}
        self.fields["other"].choices = [(key, _named(item)) for key, item in self.items.items()]  # type: ignore[attr-defined]


def _named(item: OpenItem) -> str:
    kind = item.entry.get_kind_display()
    return f"{kind} {item.entry.reference} of {item.accounting_date}: {rand(abs(item.open))} open"
