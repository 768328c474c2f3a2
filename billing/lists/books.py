"""What waits for the books kept elsewhere and what they refused; and what stands there, with both totals."""

from __future__ import annotations

from django.urls import reverse

from billing.filters.books import OF_OWED, OF_SENT
from billing.lists import books_deeds, columns
from billing.lists.documents import documents
from billing.models import BooksDocument, BooksOwed, DocumentKind
from herotill.lists import Column, Link, List, PageAction, RowAction, cells, keyset, lists
from herotill.lists.columns import Row

TONES = {"waits": "", "sending": "accent", "unknown": "warn", "refused": "bad", "left": ""}
STATES = {name: (str(label), TONES[name]) for name, label in BooksOwed.State.choices}
KINDS = dict(DocumentKind.choices)


def _url(row: Row) -> str:
    if row["document_id"]:
        return reverse("billing:document", args=[row["document_id"]])
    return columns.profile_url(row)


def _label(row: Row) -> str:
    return str(row["document__name"] or row["customer__code"])


def _what(row: Row) -> Link:
    return Link(_url(row), _label(row), KINDS.get(row["document__kind"], "Details"))


NAMED = ("document_id", "document__name", "document__kind", "customer__code")
owed = lists.register(
    List(
        name="books-owed",
        title="SageOne: waiting",
        noun="entry",
        nouns="entries",
        permission="billing.view_booksowed",
        url_name="billing:books-owed",
        rows=lambda: BooksOwed.objects.order_by(),
        default_sort="-since",
        action=RowAction(url=_url, label=_label, fields=NAMED),
        empty="Nothing waits and nothing was refused.",
        icon="arrow-up-tray",
        order=36,
    )
)
owed.actions.register(
    PageAction(
        name="push",
        label="Push all",
        url_name="billing:books-push",
        permission="billing.push_all_to_books",
        icon="arrow-up-tray",
    )
)
OWED = (
    Column(
        name="what",
        heading="What",
        cell=cells.LINK,
        fields=NAMED,
        value=_what,
        default=True,
        heads_row=True,
        order=10,
    ),
    columns.customer(20, heads_row=False),
    Column(
        name="total",
        heading="Total",
        cell=cells.MONEY,
        fields=("document__incl",),
        default=True,
        narrow=False,
        order=30,
    ),
    Column(
        name="state", heading="State", cell=cells.chips(STATES), fields=("state",), default=True, order=40
    ),
    Column(
        name="trouble",
        heading="What SageOne said",
        cell=cells.TEXT,
        fields=("trouble",),
        default=True,
        order=50,
    ),
    Column(
        name="tried",
        heading="Last tried",
        cell=cells.MOMENT,
        fields=("tried_at",),
        order=60,
    ),
    Column(
        name="since",
        heading="Owed since",
        cell=cells.MOMENT,
        fields=("made_at",),
        sort=keyset.by_moment("made_at"),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(name="tries", heading="Tries", cell=cells.NUMBER, fields=("tries",), order=80),
    Column(name="next", heading="Not before", cell=cells.MOMENT, fields=("next_try_at",), order=90),
    Column(name="support", heading="Support id", cell=cells.IDENTIFIER, fields=("support_id",), order=100),
    Column(name="decided", heading="Decided by", cell=cells.SHORT, fields=("decided_by__name",), order=110),
)


def _sent_url(row: Row) -> str:
    return reverse("billing:document", args=[row["document_id"]])


def _sent(row: Row) -> Link:
    return Link(_sent_url(row), str(row["document__name"]), row["document__customer__code"])


def _theirs(row: Row) -> Link:
    code = row["document__customer__code"]
    return Link(reverse("customers:profile", args=[code]), row["document__customer__name"], code)


sent = lists.register(
    List(
        name="books-sent",
        title="SageOne: sent",
        noun="document",
        nouns="documents",
        permission="billing.view_booksowed",
        url_name="billing:books-sent",
        rows=lambda: BooksDocument.objects.order_by(),
        default_sort="-synced",
        action=RowAction(
            url=_sent_url,
            label=lambda row: str(row["document__name"]),
            fields=("document_id", "document__name"),
        ),
        export_permission="billing.export_documents",
        empty="Nothing has been sent to SageOne yet.",
        icon="document-text",
        order=37,
    )
)
SENT = (
    Column(
        name="document",
        heading="Document",
        cell=cells.LINK,
        fields=("document_id", "document__name", "document__customer__code"),
        value=_sent,
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="customer",
        heading="Customer",
        cell=cells.LINK,
        fields=("document__customer__name", "document__customer__code"),
        value=_theirs,
        default=True,
        narrow=False,
        order=15,
    ),
    Column(
        name="kind",
        heading="Kind",
        cell=cells.words(KINDS),
        fields=("kind",),
        default=True,
        narrow=False,
        order=20,
    ),
    Column(
        name="ours",
        heading="Our total",
        cell=cells.MONEY,
        fields=("ours",),
        default=True,
        narrow=False,
        order=30,
    ),
    Column(
        name="theirs",
        heading="SageOne's total",
        cell=cells.MONEY,
        fields=("incl",),
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="difference",
        heading="Difference",
        cell=cells.MONEY,
        fields=("difference",),
        default=True,
        order=50,
    ),
    Column(name="our_vat", heading="Our VAT", cell=cells.MONEY, fields=("our_vat",), order=52),
    Column(name="vat", heading="SageOne's VAT", cell=cells.MONEY, fields=("vat",), order=54),
    Column(
        name="number", heading="SageOne's number", cell=cells.IDENTIFIER, fields=("their_number",), order=60
    ),
    Column(
        name="their_id",
        heading="SageOne ID",
        cell=cells.IDENTIFIER,
        fields=("their_id",),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(name="found", heading="Stood there already", cell=cells.YES, fields=("found",), order=80),
    Column(
        name="synced",
        heading="Sent",
        cell=cells.MOMENT,
        fields=("synced_at",),
        sort=keyset.by_moment("synced_at"),
        default=True,
        narrow=False,
        order=90,
    ),
)
for column in OWED:
    owed.columns.register(column)
for column in SENT:
    sent.columns.register(column)
for narrowing in OF_OWED:
    owed.filters.register(narrowing)
for narrowing in OF_SENT:
    sent.filters.register(narrowing)
for deed in (books_deeds.Retry(), books_deeds.LeaveOut()):
    owed.bulk.register(deed)
documents.bulk.register(books_deeds.Push())
