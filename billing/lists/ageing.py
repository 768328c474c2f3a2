"""What everybody owes by age, as a list; as at any day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from billing.filters.ageing import BUCKETS, BY_CUSTOMER, FILTERS, day_of, way_of
from billing.forms.statements import DaysForm
from billing.models import AgedCustomer, AgedSum, AgeingPicture
from billing.selectors import statements as freshness
from billing.services import pictures, statements
from customers.lists import STATUS
from customers.models import BillingGroup, Customer
from herotill import runs
from herotill.charts import stacked
from herotill.clock import stamp
from herotill.folding import fold
from herotill.lists import BulkAction, Column, Done, Link, List, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.lists.sheet import Sheet
from herotill.money import ZERO
from herotill.reading import only_reading


def rows_for(query: QueryDict) -> QuerySet[AgedCustomer]:
    """The customers of the picture that the address asks for. Looking takes none: then there are no rows yet."""
    now = stamp()
    asked: dict[str, Any] = {"as_at": day_of(query, _day(now)), "counted": way_of(query)}
    picture = pictures.kept(**asked) if only_reading() else pictures.of(**asked, now=now)
    rows = AgedCustomer.objects.order_by()
    return rows.filter(picture=picture) if picture else rows.none()


def _renewal(query: QueryDict, picture: AgeingPicture | None, now: datetime) -> dict[str, str]:
    asked = urlencode({name: query[name] for name in ("as_at", "way") if query.get(name)})
    return pictures.renewal(picture, now=now, url=f"{reverse('billing:age-analysis-renew')}?{asked}")


def _day(now: datetime) -> date:
    return now.astimezone(get_current_timezone()).date()


def search(text: str, user: Any) -> Search:
    """By the beginning of a code or of a word of the name."""
    key = fold(text)
    wanted = (
        Q(code__startswith=text.strip().upper())
        | Q(name_key__startswith=key)
        | Q(name_key__contains=f" {key}")
    )
    return lambda rows, along="": rows.filter(wanted)


def _profile(row: Row) -> str:
    return reverse("customers:profile", args=[row["code"]])


def _name(row: Row) -> Link:
    return Link(_profile(row), row["name"], row["code"])


def facts(sheet: Sheet) -> dict[str, Any]:
    """The totals of what is listed, their chart, and when the picture was taken."""
    sums = {name: Sum(name) for name in (*BUCKETS, "total")}
    found = _summed(sheet).aggregate(**sums)
    totals = {name: found[name] or ZERO for name in sums}
    query, now = sheet.state.data, stamp()
    day, counted = day_of(query, _day(now)), way_of(query)
    picture = pictures.kept(as_at=day, counted=counted)
    made_at = picture.made_at if picture else now
    return {
        "renewal": _renewal(query, picture, now),
        "is_made": picture is not None,
        "totals": [(label, totals[name], name) for name, label in BUCKETS.items()],
        "total": totals["total"],
        "chart": stacked([(label, totals[name]) for name, label in BUCKETS.items()]),
        "as_at": day,
        "counted": counted.words,
        "stamp": freshness.stamp(made_at, freshness.freshness()),
    }


def _summed(sheet: Sheet) -> QuerySet[Any]:
    """What the totals are summed from: the sums kept with the picture, where they know all that was asked."""
    asked = {name for name, _ in sheet.state.filters}
    if sheet.search or asked & BY_CUSTOMER:
        return sheet.matching
    picture = sheet.everything.values("picture")[:1]
    return sheet.filtering.apply(AgedSum.objects.filter(picture=picture).order_by())


class EmailStatements(BulkAction):
    """Mails statements to the chosen customers; a run does it."""

    name, label, icon, order = "statements", "Email statements", "envelope", 10
    permission = "billing.send_statements"
    form = DaysForm

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Email statements to {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        customers = list(chosen.order_by().values_list("customer_id", flat=True))
        run = statements.begin(
            customers=customers, first=data["first"], last=data["last"], actor=data["actor"]
        )
        return Done(
            len(customers), f"{run.title} are on their way.", {"run": run.pk, "count": len(customers)}
        )

    def undo(self, *, before: Any) -> int:
        """Mails that are queued already go out; the rest is stopped."""
        runs.cancel(run_id=before["run"], actor=None)
        return int(before["count"])


age_analysis = lists.register(
    List(
        name="age-analysis",
        title="Age analysis",
        noun="customer",
        nouns="customers",
        permission="billing.see_age_analysis",
        url_name="billing:age-analysis",
        rows=lambda: AgedCustomer.objects.order_by(),
        rows_for=rows_for,
        facts=facts,
        default_sort="-total",
        action=RowAction(
            url=lambda row: reverse("billing:account-statement", args=[row["code"]]),
            label=lambda row: f"the statement of {row['name']}",
            fields=("code", "name"),
        ),
        search=search,
        searches="name or code",
        export_permission="billing.export_age_analysis",
        empty="Nobody owed anything or had credit on that day.",
        icon="scale",
        template_name="billing/age_analysis.html",
        order=35,
    )
)


def _bucket(name: str, heading: str, order: int) -> Column:
    return Column(
        name=name,
        heading=heading,
        cell=cells.MONEY,
        fields=(name,),
        sort=keyset.by_number(name),
        default=True,
        narrow=name in ("total",),
        order=order,
    )


COLUMNS = (
    Column(
        name="code",
        heading="Code",
        cell=cells.IDENTIFIER,
        fields=("code",),
        sort=keyset.by_text("code"),
        default=True,
        narrow=False,
        order=10,
    ),
    Column(
        name="name",
        heading="Customer",
        cell=cells.LINK,
        fields=("name", "code"),
        value=_name,
        sort=keyset.by_text("name_key"),
        default=True,
        heads_row=True,
        order=20,
    ),
    Column(name="status", heading="Status", cell=STATUS, fields=("status",), order=30),
    Column(
        name="payment_method",
        heading="Payment type",
        cell=cells.words({value: label for value, label in Customer.PaymentMethod.choices if value}),
        fields=("payment_method",),
        order=40,
    ),
    Column(
        name="billing_group",
        heading="Billing group",
        cell=cells.SHORT,
        batch=lambda ids: _billing_groups(ids),
        order=50,
    ),
    *(_bucket(name, heading, 100 + place) for place, (name, heading) in enumerate(BUCKETS.items())),
    _bucket("total", "Total due", 200),
)


def _billing_groups(ids: Any) -> dict[int, str]:
    names = dict(BillingGroup.objects.values_list("pk", "name"))
    rows = AgedCustomer.objects.filter(pk__in=ids).values_list("pk", "billing_group")
    return {pk: names.get(group, "") for pk, group in rows if group}


for column in COLUMNS:
    age_analysis.columns.register(column)
for narrowing in FILTERS:
    age_analysis.filters.register(narrowing)
age_analysis.bulk.register(EmailStatements())
