"""What the cards of a month-end say: done, to do next, or later; and what can be pressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from billing.models import MonthEnd
from billing.selectors import month_end as reading
from billing.selectors.cutover import books_from
from billing.selectors.month_end import Standing, Sum
from billing.services import month_end_runs as steps
from herotill.access import may
from herotill.money import rand
from herotill.reference.selectors import vat
from herotill.runs import Shown

PAGES = ("look", "nothing", "drafts-before", "push-some", "books-refused", "books-debtors")
RUN, SIGN, ISSUE = "billing.run_month_end", "billing.sign_preview", "billing.issue_invoices"


@dataclass(frozen=True, slots=True)
class Press:
    """A button of a card."""

    name: str
    label: str
    url: str
    css: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it leads to a page, not to a dialog."""
        return self.name in PAGES


@dataclass(slots=True)
class Card:
    """One step. `state` is done, next, later or named (comes with another part of the product)."""

    number: int
    title: str
    says: str
    state: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    shown: Shown | None = None


def cards(one: MonthEnd, stands: Standing, latest: Mapping[str, Shown], user: Any) -> list[Card]:
    """The eight steps, with the preview between the third and the fourth."""
    made = [
        _dates(one),
        _confirmed(one, stands),
        _archived(one, stands),
        _preview(one, stands),
        _charges(one, stands),
        _drafts(one, stands),
        _issue(one, stands),
        _batch(one, stands),
        _reconciled(one),
    ]
    for card, kinds in zip(made, _RUNS, strict=True):
        known = [latest[kind] for kind in kinds if kind in latest]
        card.shown = max(known, key=lambda shown: shown.run.pk, default=None)
        if card.shown and card.shown.run.is_open:
            card.presses = []
        card.presses = [press for press in card.presses if may(user, _RIGHTS.get(press.name, RUN))]
    _mark_next(made)
    return made


_RUNS: tuple[tuple[str, ...], ...] = (
    (),
    (),
    (),
    (steps.PREVIEW,),
    (steps.CHARGES, steps.UNDO_CHARGES),
    (steps.DRAFTS, steps.UNDO_DRAFTS),
    (steps.ISSUE,),
    (),
    (),
)
_RIGHTS = {
    "build-batch": "billing.add_collectionbatch",
    "push": "billing.push_all_to_books",
    "push-some": "billing.push_to_books",
    "books-refused": "billing.view_booksowed",
    "books-debtors": "billing.view_booksageing",
    "sign": SIGN,
    "issue": ISSUE,
    "look": "billing.view_monthend",
    "nothing": "billing.view_monthend",
    "drafts-before": "billing.view_document",
}


def _mark_next(made: list[Card]) -> None:
    """The first that is not done is next; the buttons of those after it are plain."""
    waiting = [card for card in made if card.state == "later"]
    if waiting:
        waiting[0].state = "next"
    for card in made:
        if card.state == "later":
            card.presses = [
                replace(press, css="") if press.css == "btn--pri" else press for press in card.presses
            ]


def _press(one: MonthEnd, name: str, label: str, css: str = "") -> Press:
    return Press(name, label, reverse("billing:month-end-deed", args=[one.pk, name]), css)


def _state(done: Any) -> str:
    return "done" if done else "later"


def _many(amount: Sum, noun: str) -> str:
    return f"{amount.count:,} {noun}, {rand(amount.amount)}"


def _when(moment: Any, person: Any) -> str:
    return f"{moment:%Y-%m-%d}" + (f" by {person}" if person else "")


def _dates(one: MonthEnd) -> Card:
    facts = [
        ("Billing month", one.month.label),
        ("Customers", str(one.billing_group or "All")),
        ("Service period", f"{one.service_month.label}, up to day {one.cut_off_day}"),
        ("Date of the invoices", f"{one.document_date}"),
    ]
    presses = (
        []
        if one.confirmed_at
        else [Press("dates", "Change", reverse("billing:month-end-dates", args=[one.pk]))]
    )
    return Card(1, "Set the dates", "Which month is billed, for which services.", "done", facts, presses)


def _confirmed(one: MonthEnd, stands: Standing) -> Card:
    facts = [("Confirmed", _when(one.confirmed_at, one.confirmed_by))] if one.confirmed_at else []
    presses = [_press(one, "confirm", "Confirm", "btn--pri")]
    if one.confirmed_at:
        presses = [_press(one, "open-dates", "Open the dates again")] if not stands.charged.count else []
    says = "The dates are right and stand from here."
    return Card(2, "Confirm", says, _state(one.confirmed_at), facts, presses)


def _archived(one: MonthEnd, stands: Standing) -> Card:
    facts = [("Archived", _when(one.archived_at, None))] if one.archived_at else []
    presses = [_press(one, "archive", "Archive", "btn--pri")] if one.confirmed_at else []
    if one.archived_at:
        presses = [_press(one, "unarchive", "Bring back")] if not stands.charged.count else []
    elif left := reading.drafts_before(one) if one.confirmed_at else 0:
        facts = [("Drafts dated before", f"{left:,}, to be issued, deleted or given a later date first")]
        presses.append(Press("drafts-before", "Open those drafts", _drafts_before_url(one)))
    says = "The months before leave the default lists and take no new drafts."
    return Card(3, "Archive previous invoices", says, _state(one.archived_at), facts, presses)


def _drafts_before_url(one: MonthEnd) -> str:
    asked = {"state": "draft", "before": "false", "to": one.period - timedelta(days=1)}
    return f"{reverse('billing:documents')}?{urlencode(asked)}"


def _preview(one: MonthEnd, stands: Standing) -> Card:
    facts: list[tuple[str, str]] = []
    presses = [_press(one, "preview", "Make the preview", "" if one.previewed_at else "btn--pri")]
    if one.previewed_at:
        last, this = Decimal(one.totals["last"]), Decimal(one.totals["this"])
        facts = [
            ("Last month", rand(last)),
            ("This month", rand(this)),
            ("Difference", rand(this - last)),
            ("Customers with an invoice", f"{one.totals['billed']:,} of {one.totals['customers']:,}"),
        ]
        if Decimal(one.totals["over_billed"]):
            facts.append(("Billed too much, credit notes proposed", rand(Decimal(one.totals["over_billed"]))))
        address = reverse("billing:month-end-preview") + f"?month_end={one.pk}"
        presses.append(Press("look", "Look at it", address))
    if one.previewed_at and not one.signed_at:
        sign = reverse("billing:month-end-sign", args=[one.pk])
        presses.append(Press("sign", "Sign", sign, "btn--pri"))
    if one.signed_at:
        facts.append(("Signed", f"{_when(one.signed_at, one.signed_by)}: {one.sign_reason}"))
    says = "Who will be billed differently from last month, and why. A person signs it; without it nothing is billed."
    return Card(0, "Preview", says, _state(one.signed_at), facts, presses if one.confirmed_at else [])


def _charges(one: MonthEnd, stands: Standing) -> Card:
    facts = [("Waiting for an invoice", _many(stands.waiting, "entries"))] if stands.waiting.count else []
    presses = []
    if one.signed_at:
        presses.append(_press(one, "charge", "Generate entries", "" if one.charged_at else "btn--pri"))
    if stands.waiting.count:
        presses.append(_press(one, "undo-charges", "Take back", "btn--bad"))
    says = "What is due for the service month becomes entries, by days where a month is not whole."
    return Card(4, "Generate recurring entries", says, _state(one.charged_at), facts, presses)


def _drafts(one: MonthEnd, stands: Standing) -> Card:
    facts = [("Drafts", _many(stands.drafts, "invoices"))] if stands.drafts.count else []
    presses = []
    if one.charged_at:
        presses.append(_press(one, "draft", "Generate drafts", "" if one.drafted_at else "btn--pri"))
    if stands.drafts.count:
        presses.append(_press(one, "undo-drafts", "Take back", "btn--bad"))
    says = "Entries that wait are put on one draft a customer."
    return Card(5, "Generate draft invoices", says, _state(one.drafted_at), facts, presses)


def _issue(one: MonthEnd, stands: Standing) -> Card:
    facts = []
    if stands.issued.count:
        facts = [
            ("Issued", _many(stands.issued, "invoices")),
            ("Numbers", f"{stands.first} to {stands.last}"),
        ]
    presses = []
    if vat.lacks_vat_number(one.document_date):
        facts.append(("VAT number", "not known, so nothing is issued: give it in Setup, VAT"))
    elif one.drafted_at and stands.drafts.count:
        address = reverse("billing:documents") + f"?month_end={one.pk}&state=draft"
        presses = [
            _press(one, "issue", f"Issue {stands.drafts.count:,} drafts", "btn--pri"),
            Press("look", "Pick some to issue", address),
        ]
    pushed = reading.pushed(one)
    if pushed is not None:
        facts.append(
            ("In SageOne", f"{pushed.there:,}, {pushed.waiting:,} waiting, {pushed.refused:,} refused")
        )
        if stands.issued.count > pushed.there:
            presses.append(Press("push", "Push all to SageOne", reverse("billing:books-push")))
            issued = reverse("billing:documents") + f"?month_end={one.pk}"
            presses.append(Press("push-some", "Pick some to push", issued))
        if pushed.refused:
            refused = reverse("billing:books-owed") + "?state=refused"
            presses.append(Press("books-refused", "What was refused", refused))
    says = "Drafts get their numbers, are owed and are mailed; from there they go to SageOne, where that is in use."
    return Card(6, "Issue and push to accounting", says, _state(one.issued_at), facts, presses)


def _batch(one: MonthEnd, stands: Standing) -> Card:
    says = "The batch of debit orders for what is due, built for a billing group and a date, released by a second person."
    facts = [("Batches for days from then on", f"{stands.batches:,}")] if stands.batches else []
    presses = [
        Press("build-batch", "Build the batch", _build_url(one), "" if stands.batches else "btn--pri"),
        Press("look", "Debit batches", reverse("billing:batches")),
    ]
    state = _state(stands.batches)
    return Card(7, "Generate the debit batch", says, state, facts, presses if one.issued_at else [])


def _build_url(one: MonthEnd) -> str:
    address = reverse("billing:batch-build")
    return f"{address}?group={one.billing_group_id}" if one.billing_group_id else address


def _reconciled(one: MonthEnd) -> Card:
    presses = [_press(one, "reconcile", "Reconcile", "" if one.reconciled_at else "btn--pri")]
    nothing = reverse("billing:month-end-nothing", args=[one.pk])
    facts = []
    if one.reconciled_at:
        kept = one.reconciled
        facts = [
            (name, f"{kept[key][0]:,}, {rand(Decimal(kept[key][1]))}")
            for name, key in (
                ("Charged on invoices", "charged"),
                ("Drafts", "drafts"),
                ("Issued", "issued"),
                ("In the ledger", "posted"),
                ("Still waiting", "waiting"),
            )
        ]
        facts.append(("Mails in the outbox", f"{kept['mailed']:,}"))
        facts.append(("Result", "It adds up" if kept["adds_up"] else "It does not add up yet"))
    presses.append(Press("nothing", "Who got nothing", nothing))
    if (first := books_from()) is not None and first <= one.month.last:
        presses.append(Press("books-debtors", "Debtors beside SageOne", reverse("reports:books-ageing")))
    says = "Entries, invoices, ledger and outbox are counted against each other; who got nothing is listed with why."
    done = one.reconciled_at and one.reconciled.get("adds_up")
    return Card(8, "Reconcile, edit, download", says, _state(done), facts, presses)
