"""The debtors that the invented ISP took over from its old system, compared and signed: collections may begin."""

from __future__ import annotations

import csv
import io
from datetime import date, time, timedelta

from django.db.models import Max

from billing.models import Entry
from billing.selectors import ageing
from billing.selectors import cutover as reading
from billing.services import cutover
from customers.models import Customer
from herotill.clock import moment
from herotill.demo import DemoOrder
from herotill.users.models import User

HEAD = ("Code", "120+ days", "90 days", "60 days", "30 days", "Current")


def sign_take_over(order: DemoOrder) -> None:
    """Upload the old system's age analysis, which says what ours does, and sign it."""
    clerk, chief = (User.objects.filter(username=name).first() for name in ("accounts", "manager"))
    as_at = Entry.objects.filter(before=True).aggregate(last=Max("accounting_date"))["last"]
    if reading.signed() or not (clerk and chief and as_at):
        return
    now = moment(as_at + timedelta(days=1), time(10))
    made = cutover.upload(content=_analysis(as_at), file_name="age-analysis.csv", as_at=as_at, actor=clerk)
    cutover.sign(take_over=made, actor=chief, now=now)
    order.say("the debtors taken over are signed")


def _analysis(as_at: date) -> bytes:
    owed = ageing.everybody(as_at=as_at)
    codes = dict(Customer.objects.filter(pk__in=owed).values_list("pk", "code"))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for pk, aged in owed.items():
        writer.writerow((codes[pk], aged.days120, aged.days90, aged.days60, aged.days30, aged.current))
    return out.getvalue().encode()
