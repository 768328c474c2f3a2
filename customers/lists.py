"""The customer list: its columns, filters and bulk actions, to which other apps may add theirs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html import escape

from django.db.models import Exists, FilteredRelation, Q
from django.urls import reverse

from customers import bulk, owing
from customers.filters import FILTERS
from customers.models import Customer
from customers.selectors import listing
from herotill.lists import Column, Empty, Link, List, PageAction, RowAction, Sort, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.money import ZERO, rand

_CODE = "AAA000"


@cache
def _profile_address() -> Callable[[str], str]:
    """Gives a code's profile address. Resolved once; a reverse() a row would cost as much as the row."""
    before, _, after = reverse("customers:profile", args=[_CODE]).partition(_CODE)
    return lambda code: f"{before}{code}{after}"


def profile(row: Row) -> str:
    return _profile_address()(row["code"])


def _listed_name(row: Row) -> str:
    """A company with its contact in brackets."""
    if row["kind"] == Customer.Kind.COMPANY and row["contact_name"]:
        return f"{row['name']} ({row['contact_name']})"
    return str(row["name"])


def _name(row: Row) -> Link:
    return Link(profile(row), _listed_name(row), row["code"])


def _master(row: Row) -> str:
    return f"{row['master__name']} ({row['master__code']})" if row["master__code"] else ""


def _phone(row: Row) -> str:
    """As people here read it: 082 123 4567. Kept so short because a page shows hundreds."""
    number = row["contact_phone"]
    if number.startswith("+27") and len(number) == 12:
        return f"0{number[3:5]} {number[5:8]} {number[8:]}"
    return str(number)


STATUS = cells.chips(
    {"active": ("Active", "ok"), "suspended": ("Suspended", "bad"), "cancelled": ("Cancelled", "")}
)


def _balance(owed: owing.Owed | None) -> str:
    """The balance; in red, and told so, where some of it is overdue."""
    if owed is None:
        return cells.NOTHING
    shown = escape(rand(owed.amount))
    if owed.overdue <= ZERO:
        return shown
    return f'<span class="is-bad" title="{escape(rand(owed.overdue))} overdue">{shown}<span class="vh"> overdue</span></span>'


BALANCE = cells.Cell(html=_balance, plain=lambda owed: owed.amount if owed else None, css="num")

customers = lists.register(
    List(
        name="customers",
        title="Customers",
        noun="customer",
        nouns="customers",
        permission="customers.view_customer",
        url_name="customers:list",
        rows=listing.everybody,
        default_sort="name",
        action=RowAction(url=profile, label=_listed_name, fields=("code", "name", "kind", "contact_name")),
        search=listing.search,
        searches="name, code, phone or email",
        export_permission="customers.export_customers",
        empty="No customers yet. Create the first one, or import them.",
        icon="users",
        order=10,
    )
)

COLUMNS = (
    Column(
        name="group",
        heading="Customer group",
        cell=cells.SHORT,
        fields=("group__name",),
        sort=keyset.by_kind("group_key"),
        default=True,
        narrow=False,
        order=10,
    ),
    Column(
        name="billing_group",
        heading="Billing group",
        cell=cells.SHORT,
        fields=("billing_group__name",),
        sort=keyset.by_kind("billing_group_key", empty=Empty.BLANK),
        default=True,
        narrow=False,
        order=20,
    ),
    Column(
        name="code",
        heading="Account code",
        cell=cells.IDENTIFIER,
        fields=("code",),
        sort=keyset.by_text("code"),
        default=True,
        narrow=False,
        order=30,
    ),
    Column(
        name="kind",
        heading="Type",
        cell=cells.words(dict(Customer.Kind.choices)),
        fields=("kind",),
        sort=keyset.by_kind("kind"),
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="name",
        heading="Name",
        cell=cells.LINK,
        fields=("name", "kind", "contact_name", "code"),
        value=_name,
        sort=keyset.by_text("name_key"),
        default=True,
        heads_row=True,
        order=50,
    ),
    Column(
        name="phone",
        heading="Phone",
        cell=cells.IDENTIFIER,
        fields=("contact_phone",),
        value=_phone,
        sort=keyset.by_text("contact_phone", empty=Empty.BLANK),
        default=True,
        order=70,
    ),
    Column(
        name="email",
        heading="Email",
        cell=cells.CLIPPED,
        fields=("contact_email",),
        sort=keyset.by_text("contact_email", empty=Empty.BLANK),
        default=True,
        order=80,
    ),
    Column(
        name="status",
        heading="Status",
        cell=STATUS,
        fields=("status",),
        sort=keyset.by_kind("status"),
        default=True,
        order=90,
    ),
    Column(
        name="categories",
        heading="Categories",
        cell=cells.TAGS,
        batch=listing.categories_of,
        default=True,
        order=100,
    ),
    Column(
        name="balance",
        heading="Balance",
        cell=BALANCE,
        batch=owing.of,
        sort=keyset.by_number("balance__amount", tie="balance__customer"),
        permission="customers.see_customer_balance",
        default=True,
        order=110,
    ),
    Column(
        name="labels", heading="Labels", cell=cells.TAGS, batch=listing.labels_of, default=True, order=120
    ),
    Column(
        name="master",
        heading="Master",
        cell=cells.CLIPPED,
        fields=("master__name", "master__code"),
        value=_master,
        sort=keyset.by_kind("master_key", empty=Empty.BLANK),
        order=200,
    ),
    Column(
        name="highsite",
        heading="Highsite",
        fields=("highsite__name",),
        sort=keyset.by_kind("highsite_key", empty=Empty.BLANK),
        order=210,
    ),
    Column(
        name="town",
        heading="Town",
        annotations=lambda: {
            "physical": FilteredRelation("addresses", condition=Q(addresses__kind="physical"))
        },
        fields=("physical__town",),
        sort=Sort(
            "physical__town_key",
            Empty.NULL,
            tie="physical__customer",
            coarse=True,
            lacking=~Q(Exists(listing.towns_of_customers())),
        ),
        order=215,
    ),
    Column(
        name="customer_since",
        heading="Customer since",
        cell=cells.DAY,
        fields=("customer_since",),
        sort=keyset.by_day("customer_since"),
        order=220,
    ),
    Column(
        name="payment_method",
        heading="Payment type",
        cell=cells.words({value: label for value, label in Customer.PaymentMethod.choices if value}),
        fields=("payment_method",),
        sort=keyset.by_kind("payment_method", empty=Empty.BLANK),
        order=230,
    ),
    Column(
        name="prepaid",
        heading="Prepaid",
        cell=cells.YES,
        fields=("prepaid",),
        sort=keyset.by_flag("prepaid"),
        order=240,
    ),
    Column(
        name="verified",
        heading="Verified",
        cell=cells.DAY,
        fields=("verified_on",),
        sort=keyset.by_day("verified_on"),
        order=250,
    ),
    Column(
        name="is_reseller",
        heading="Reseller",
        cell=cells.YES,
        fields=("is_reseller",),
        sort=keyset.by_flag("is_reseller"),
        order=260,
    ),
)

for column in COLUMNS:
    customers.columns.register(column)
for narrowing in FILTERS:
    customers.filters.register(narrowing)
for action in (bulk.AddLabel(), bulk.RemoveLabel(), bulk.MoveGroup(), bulk.MoveBillingGroup()):
    customers.bulk.register(action)
customers.actions.register(
    PageAction(
        name="new", label="New customer", url_name="customers:new", permission="customers.add_customer"
    )
)
