"""What is done with each record, once all are read (rules 3, 9 and 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from customers.policies.importing.codes import generated
from customers.policies.importing.identity import ZERO, Customer, DuplicateCode, Register
from customers.policies.importing.masters import Sub, refused_subs
from customers.policies.importing.outcome import Action, Known
from customers.policies.importing.survey import Sketch, codes_in_file


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with a record; `code` is the customer's where it is not refused."""

    action: Action
    reason: str = ""
    code: str = ""
    warnings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Draft:
    """A record and the customer it creates or updates, or the reason why it is refused at once."""

    sketch: Sketch
    customer: Customer | None = None
    reason: str = ""

    @property
    def creates(self) -> Customer | None:
        """The customer that comes into being by this record, unless it is refused after all."""
        customer = self.customer
        return customer if customer and customer.line == self.sketch.line and not customer.reason else None


def decide(records: Sequence[Sketch], known: Known) -> list[Decision]:
    """The decisions on the records of a file, in its order."""
    named = codes_in_file(records)
    register = Register(known, named_in_file=named)
    drafts = [_draft(sketch, register) for sketch in records]
    _refuse_for_masters(drafts, known)
    _give_codes(drafts, named | known.taken | known.customers.keys())
    return [_decision(draft) for draft in drafts]


def _draft(sketch: Sketch, register: Register) -> _Draft:
    if sketch.fault:
        return _Draft(sketch, reason=sketch.fault)
    try:
        found = register.find(sketch.subject)
    except DuplicateCode:
        return _Draft(sketch, reason="duplicate_code")
    reason = sketch.fault_if_there if found else sketch.fault_if_new
    if reason:
        return _Draft(sketch, reason=reason)
    customer = found or _new_customer(sketch)
    register.accept(sketch.subject, customer)
    return _Draft(sketch, customer)


def _new_customer(sketch: Sketch) -> Customer:
    subject, balance = sketch.subject, sketch.balance or ZERO
    return Customer(subject.code, subject.kind, subject.name_key, sketch.master, balance, sketch.line)


def _refuse_for_masters(drafts: Sequence[_Draft], known: Known) -> None:
    created = {draft.sketch.line: customer for draft in drafts if (customer := draft.creates)}
    reasons = refused_subs(
        [Sub(line, customer.code, customer.master) for line, customer in created.items()],
        refused_codes={draft.sketch.subject.code for draft in drafts if draft.reason},
        is_known=known.customers.__contains__,
    )
    for line, reason in reasons.items():
        created[line].reason = reason


def _give_codes(drafts: Sequence[_Draft], taken: set[str]) -> None:
    without = [draft for draft in drafts if (customer := draft.creates) and not customer.code]
    codes = generated((draft.sketch.letters for draft in without), taken)
    for draft, code in zip(without, codes, strict=True):
        if draft.customer:
            draft.customer.code = code


def _decision(draft: _Draft) -> Decision:
    customer = draft.customer
    if customer is None or customer.reason:
        return Decision(Action.REFUSE, draft.reason or (customer.reason if customer else ""))
    if draft.creates:
        told = frozenset() if draft.sketch.subject.code else frozenset(("code_generated",))
        return Decision(Action.CREATE, code=customer.code, warnings=told)
    return Decision(Action.UPDATE, code=customer.code, warnings=_update_warnings(draft.sketch, customer))


def _update_warnings(sketch: Sketch, customer: Customer) -> frozenset[str]:
    told = {
        "matched_by_name": not sketch.subject.code,
        "master_kept": sketch.master not in ("", customer.master),
        "balance_kept": sketch.balance not in (None, customer.balance),
    }
    return frozenset(warning for warning, applies in told.items() if applies)
