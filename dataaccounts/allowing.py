"""What watching allowances adds: the notices' texts, and the job that turns the month and ends what expired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from customers.models import Purpose
from dataaccounts.forms.allowances import OfferForm
from dataaccounts.models import ToppingOffer
from dataaccounts.policies.measures import octets_in_words
from dataaccounts.services import allowances, expiring
from dataaccounts.services.usage_notices import MAIL, SMS
from dataaccounts.usage_hooks import UsageHook, usage_hooks
from herotill.jobs import Job, Queue, count, jobs
from herotill.lists import Column
from herotill.lists.columns import Row
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import Field, Template, templates
from herotill.tables import keep

FIELDS = (
    Field("name", "The customer's name", "Alice Liddel"),
    Field("username", "The data account", "alice@isp.example"),
    Field("percent", "How much is used, in per cent", "75"),
    Field("used", "How much is used", "75 GB"),
    Field("allowance", "The allowance with what was added", "100 GB"),
    Field("left", "What is left", "25 GB"),
)

for name, channel, subject, text in (
    (
        MAIL,
        "email",
        "{percent} % of your data is used",
        "Dear {name}\n\n{username} has used {used} of {allowance}: {percent} %. {left} is left.\n",
    ),
    (SMS, "sms", "", "{username} has used {percent} % of {allowance}. {left} is left."),
):
    templates.register(
        Template(
            name=name,
            title="Usage notice" if channel == "email" else "Usage notice by SMS",
            group="Data accounts",
            channel=channel,
            subject=subject,
            text=text,
            purpose=Purpose.USAGE,
            fields=FIELDS,
            order=60,
        )
    )


def _judge(accounts: Sequence[int], now: datetime) -> None:
    allowances.judge(accounts=accounts, now=now)


def _watch(now: datetime) -> str:
    turned, cut = allowances.turn_month(now=now), expiring.cut_expired(now=now)
    count(accounts=turned, sessions=cut)
    return f"{turned} accounts capped or let go, {cut} sessions of expired accounts to be cut."


menu.register(
    MenuEntry(
        "dataaccounts.vouchers",
        "Vouchers",
        "dataaccounts:vouchers",
        "dataaccounts.view_voucherbatch",
        order=60,
        parent="dataaccounts",
    )
)
usage_hooks.register(UsageHook("allowances", _judge))
jobs.register(
    Job(
        name="allowances-watch",
        title="Restores accounts as the month turns, and cuts sessions of expired ones",
        queue=Queue.NETWORK,
        task=_watch,
        schedule="every 5 minutes",
        order=220,
    )
)


def _data(row: Row) -> str:
    return octets_in_words(row["octets"]) if row["octets"] else ""


def _days(row: Row) -> str:
    return f"{row['days']} days" if row["days"] else ""


keep(
    name="toppings",
    model=ToppingOffer,
    title="Toppings and bundles",
    noun="topping or bundle",
    nouns="toppings and bundles",
    about="Data sold once: toppings for the month, prepaid bundles of gigabytes and days.",
    icon="plus-circle",
    form=OfferForm,
    columns=(
        Column(
            name="kind",
            heading="Kind",
            fields=("kind",),
            value=lambda row: ToppingOffer.Kind(row["kind"]).label,
            default=True,
            order=20,
        ),
        Column(name="octets", heading="Data", fields=("octets",), value=_data, default=True, order=30),
        Column(name="days", heading="Days", fields=("days",), value=_days, default=True, order=40),
        Column(name="product", heading="Product", fields=("product__name",), default=True, order=50),
    ),
    order=330,
)
