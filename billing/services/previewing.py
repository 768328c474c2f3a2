"""The preview of a month-end: decided as the run will decide, compared with last month, and written down."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from billing.models import MonthEnd, PreviewRow
from billing.policies.previewing import Billed, Sight, Verdict, counted, judge
from billing.selectors import previewing as seen
from billing.selectors.charging import Owner
from billing.services import charging
from herotill.billable import Billable
from herotill.bulk import copy_rows
from herotill.money import ZERO
from herotill.runs import Progress

_COLUMNS = ("month_end", "customer", "last", "this", "reasons", "words", "over_billed")


def write(month_end: MonthEnd, progress: Progress) -> dict[str, object]:
    """Write the rows anew, in the caller's transaction; the totals."""
    PreviewRow.objects.filter(month_end=month_end).delete()
    plan = charging.plan_of(month_end)
    totals: dict[str, Decimal] = {"last": ZERO, "this": ZERO, "over_billed": ZERO}
    reasons: Counter[str] = Counter()
    customers = billed = 0
    for owners in charging.groups(month_end):
        found = verdicts(plan, month_end, owners)
        copy_rows(PreviewRow, _COLUMNS, list(_rows(month_end, found)))
        for verdict in found.values():
            totals["last"] += verdict.last
            totals["this"] += verdict.this
            totals["over_billed"] += verdict.over_billed
            billed += verdict.this > 0
        reasons.update(counted(list(found.values())))
        customers += len(owners)
        progress.advance(len(owners), looked_at=len(owners))
    return {
        "customers": customers,
        "billed": billed,
        "reasons": dict(reasons),
        **{name: str(amount) for name, amount in totals.items()},
    }


def verdicts(plan: charging.Plan, month_end: MonthEnd, owners: Sequence[Owner]) -> dict[int, Verdict]:
    """What the preview says of each of these customers."""
    sights = {owner.id: Sight() for owner in owners}
    decided = charging.Decided(plan, owners)
    _bill(sights, decided)
    _compare(sights, month_end, owners)
    _flag(sights, decided)
    return {pk: judge(sight) for pk, sight in sights.items()}


def _rows(month_end: MonthEnd, found: dict[int, Verdict]) -> Iterator[tuple[object, ...]]:
    for customer, (last, this, reasons, words, over_billed) in found.items():
        if found[customer].worth_saying:
            yield month_end.pk, customer, last, this, list(reasons), words, over_billed


def _bill(sights: dict[int, Sight], decided: charging.Decided) -> None:
    """What will be charged, as it will be."""
    for item, _, _, bill, catch_up in decided.decisions:
        sight, key = sights[item.customer_id], (item.source, item.item_id)
        remarks = {one for one in bill.remarks if one != "once"}
        if catch_up and bill.charges:
            remarks.add("catch_up")
        if not catch_up or bill.charges:
            sight.remarks.setdefault(key, set()).update(remarks)
        if bill.charges:
            charge = bill.charges[-1]
            before = sight.this[key].incl if key in sight.this else ZERO
            sight.this[key] = Billed(
                item.text,
                before + bill.incl,
                charge.unit_price,
                item.quantity,
                charge.discount,
                charge.vat_rate,
                item.once,
            )


def _compare(sights: dict[int, Sight], month_end: MonthEnd, owners: Sequence[Owner]) -> None:
    """What was billed last month, and what stands on drafts of this one or waits for them already."""
    payers = {owner.id for owner in owners} | {owner.master for owner in owners if owner.master}
    for found in seen.billed(payers=list(payers), month_end=month_end):
        sight = sights.get(found.owner)
        if sight is None:
            continue
        where = sight.last if found.period and found.period < month_end.period else sight.this
        key = (found.source, found.item_id)
        incl = found.incl + (where[key].incl if key in where else ZERO)
        where[key] = Billed(found.text, incl, *found[6:10], found.once and bool(found.source))


def _flag(sights: dict[int, Sight], decided: charging.Decided) -> None:
    """Why somebody gets nothing, what was waived or held, and what was billed too much."""
    having: dict[int, list[Billable]] = defaultdict(list)
    for item in decided.everything:
        if item.one_of is not None:
            sights[item.customer_id].same[item.source, item.item_id] = item.one_of
    for item in decided.items:
        having[item.customer_id].append(item)
    for owner in decided.owners:
        sight = sights[owner.id]
        month = decided.plan.month.first
        payer = decided.facts.payer(owner, month)
        if payer != owner.id:
            sight.flags.add("master")
        out = charging.left_out(owner, payer == owner.id)
        if out:
            sight.flags.add(out)
        elif owner.cancelled and decided.running_on(owner):
            sight.flags.add("cancelled")
        elif not sight.this and not owner.cancelled and not having[owner.id]:
            sight.flags.add("no_item")
    _against_charged(sights, decided)


def _against_charged(sights: dict[int, Sight], decided: charging.Decided) -> None:
    """What was waived this month, and months charged more than they come to by now: ended, held or made
    cheaper since."""
    plan = decided.plan
    charged = seen.charged(decided.everything, [month.first for month in plan.months])
    for item in decided.everything:
        sight, key = sights[item.customer_id], (item.source, item.item_id)
        for month, reckoner in plan.reckoners.items():
            before = charged.get((*key, reckoner.first))
            if before is not None:
                sight.over_billed += max(before - decided.now_due(item, month), ZERO)
            elif month == plan.month and decided.waived(item, reckoner):
                sight.remarks.setdefault(key, set()).add("waived")
                sight.flags.add("waived")


def still_holds(month_end: MonthEnd) -> bool:
    """Whether nothing that decides what is billed has changed since the preview was made."""
    return bool(month_end.fingerprint) and seen.fingerprint(month_end) == month_end.fingerprint


@transaction.atomic
def make(month_end: MonthEnd, progress: Progress, now: datetime) -> None:
    """Make the preview anew; a signature of an earlier one is void."""
    before = seen.fingerprint(month_end)
    totals = write(month_end, progress)
    MonthEnd.objects.filter(pk=month_end.pk).update(
        previewed_at=now,
        fingerprint=before,
        totals=totals,
        signed_at=None,
        signed_by=None,
        sign_reason="",
    )
