"""The imports of billing, as the wizard and `import_csv` know them."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from billing.debit_order_import import debit_orders
from billing.models import DocumentKind
from billing.services.importing import documents, items, receipts
from herotill.imports.fields import Field, by_name
from herotill.imports.kinds import ImportKind, Need, Sum
from herotill.imports.presets import Preset
from herotill.imports.work import register

ROLL_BACK = "customers.roll_back_import"
IMPORT = "billing.import_billing"
SEES = "customers.see_customer_balance"

WORDS = {
    "blank_row": "A row without anything in it.",
    "wrong_columns": "It has more cells than there are headings.",
    "formula": "A cell held a formula, or looks like one. None is ever worked out.",
    "no_code": "It has no customer code.",
    "customer_unknown": "There is no customer with this code.",
    "product_unknown": "There is no product with this code.",
    "account_unknown": "There is no account of ours with this name.",
    "invoice_unknown": "The customer has no such invoice.",
    "already_there": "It is there already.",
    "number_taken": "The number belongs to another document.",
    "number_of_ours": "Our own series gives this number one day.",
    "no_number": "It has no number.",
    "rows_disagree": "The rows of this number differ in customer, date or invoice.",
    "part_refused": "Another row of the same document is refused.",
    "period_closed": "The books of its month are closed.",
    "after_cut_over": "From this day on SageOne counts; Setup, SageOne says it.",
    "bad_date": "The date is none.",
    "far_ahead": "It is dated more than three months ahead.",
    "bad_number": "The number ends as only that of a document that was taken back does.",
    "bad_due_date": "The due date is none.",
    "bad_amount": "The amount is none.",
    "bad_vat": "The VAT does not go with the amount and the date.",
    "bad_quantity": "The quantity is no number.",
    "bad_discount": "The discount is no percentage.",
    "below_zero": "The amount is below zero. Credit notes are imported apart, without a minus.",
    "not_more_than_nothing": "A receipt is more than nothing.",
    "no_rate": "No VAT rate is known for the day.",
    "no_reason": "An adjustment needs its reason.",
    "no_account": "It does not say into which account the money came.",
    "no_product": "It has no product.",
    "too_long": "A text is longer than can be kept.",
    "ends_before_it_starts": "It ends before it starts.",
}

CODE = Field("code", "Customer code")
AMOUNT = Field("amount", "Amount including VAT", see=SEES)
_DOCUMENT = (
    CODE,
    Field("number", "Number"),
    Field("date", "Date"),
    Field("due", "Due date"),
    Field("text", "Description", free_text=True),
    Field("product", "Product code"),
    Field("quantity", "Quantity"),
    AMOUNT,
    Field("vat", "VAT in it", see=SEES),
)
_HEADINGS = {
    "code": "Customer code",
    "number": "Number",
    "date": "Date",
    "due": "Due date",
    "text": "Description",
    "product": "Product code",
    "quantity": "Quantity",
    "amount": "Amount",
    "vat": "VAT",
    "invoice": "Invoice",
    "reason": "Reason",
    "account": "Account",
    "reference": "Reference",
    "method": "Method",
    "price": "Price",
    "discount": "Discount",
    "starts": "First day",
    "ends": "Last day",
    "bill_from": "Billed here from",
}


def _customer(code: str) -> str:
    return reverse("customers:profile", args=[code])


def _preset(*names: str, old: Mapping[str, str] | None = None) -> tuple[Preset, ...]:
    """Our own headings, and those of the screens that many come from."""
    own = Preset("HeroTill", {_HEADINGS[name]: name for name in names})
    return (own, Preset("Customer screen", old)) if old else (own,)


_SCREEN = {"Account Code": "code", "Inv No": "number", "Inv Date": "date", "Amount": "amount"}
_RECEIPTS = {
    "Account Code": "code",
    "Rept Date": "date",
    "Bank Account": "account",
    "Bank Ref": "reference",
    "Amount": "amount",
}


def _documents(kind: DocumentKind, name: str, noun: str, right: str, *more: Field, order: int) -> ImportKind:
    fields = by_name((*_DOCUMENT, *more))
    return register(
        ImportKind(
            name=name,
            title=f"Import {noun}s",
            noun=f"row of {noun}s",
            nouns=f"rows of {noun}s",
            permission=IMPORT,
            roll_back_permission=ROLL_BACK,
            url_name=f"billing:import-{name}",
            fields=fields,
            report=documents.REPORT,
            words=WORDS,
            decide=documents.decide(kind),
            apply=documents.apply(kind),
            plan=documents.plan,
            take_back=documents.take_back,
            url_of=_customer,
            presets=_preset(*fields, old=_SCREEN),
            needs=(Need("outcome", "create", right, f"This posts {noun}s, which you may not."),),
            sum=Sum("Amount", "amount", SEES),
            private={"amount": SEES, "VAT": SEES},
            menu_entry="billing.import",
            order=order,
        )
    )


invoices = _documents(DocumentKind.INVOICE, "invoices", "invoice", "billing.issue_invoices", order=30)
credit_notes = _documents(
    DocumentKind.CREDIT_NOTE,
    "credit-notes",
    "credit note",
    "billing.issue_credit_notes",
    Field("invoice", "Invoice it credits"),
    Field("reason", "Reason", free_text=True),
    order=40,
)
adjustments = _documents(
    DocumentKind.ADJUSTMENT,
    "adjustments",
    "adjustment",
    "billing.issue_adjustments",
    Field("reason", "Reason", free_text=True),
    order=50,
)

RECEIPT = by_name(
    (
        CODE,
        Field("date", "Date"),
        Field("amount", "Amount", see=SEES),
        Field("account", "Our account, by name"),
        Field("reference", "Bank reference", free_text=True),
        Field("method", "Method"),
        Field("invoice", "Invoice it is for"),
    )
)
receipt_import = register(
    ImportKind(
        name="receipts",
        title="Import receipts",
        noun="receipt",
        nouns="receipts",
        permission=IMPORT,
        roll_back_permission=ROLL_BACK,
        url_name="billing:import-receipts",
        fields=RECEIPT,
        report=receipts.REPORT,
        words=WORDS,
        decide=receipts.decide,
        apply=receipts.apply,
        plan=receipts.plan,
        take_back=receipts.take_back,
        url_of=_customer,
        presets=_preset(*RECEIPT, old=_RECEIPTS),
        needs=(Need("outcome", "create", "billing.add_receipt", "This books receipts, which you may not."),),
        sum=Sum("Amount", "amount", SEES),
        private={"amount": SEES},
        menu_entry="billing.import",
        order=60,
    )
)

ITEM = by_name(
    (
        CODE,
        Field("product", "Product code"),
        Field("text", "Description", free_text=True),
        Field("quantity", "Quantity"),
        Field("price", "Own price"),
        Field("discount", "Discount in %"),
        Field("starts", "First day"),
        Field("ends", "Last day"),
        Field("bill_from", "Billed here from"),
    )
)
recurring = register(
    ImportKind(
        name="recurring",
        title="Import recurring items",
        noun="recurring item",
        nouns="recurring items",
        permission=IMPORT,
        roll_back_permission=ROLL_BACK,
        url_name="billing:import-recurring",
        fields=ITEM,
        report=items.REPORT,
        words=WORDS,
        decide=items.decide,
        apply=items.apply,
        plan=items.plan,
        take_back=items.take_back,
        url_of=_customer,
        presets=_preset(*ITEM),
        needs=(
            Need(
                "outcome",
                "create",
                "billing.add_recurringitem",
                "This adds recurring items, which you may not.",
            ),
        ),
        menu_entry="billing.import",
        order=20,
    )
)

ALL = (recurring, invoices, credit_notes, adjustments, receipt_import, debit_orders)
