"""What customers ask to be changed: asked for, accepted or rejected once, or withdrawn.

The portal and staff ask by the same `ask`; `workflow.policies.change_fields` lists what can be asked for, with
labels for a form. Whoever is the customer's contact at that moment is told at once, and again at the decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from django.db import transaction

from billing.selectors import mandates as accounts
from billing.services import locks
from billing.services.mandates import details
from customers.models import Customer
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.messages.services import outbox
from herotill.secrets import Secret, decrypt
from herotill.users.models import User
from workflow.models import ChangeRequest
from workflow.policies import change_fields
from workflow.selectors import change_requests as reading
from workflow.services import change_applying

Kind, State, Origin = ChangeRequest.Kind, ChangeRequest.State, ChangeRequest.Origin
SUBJECT = "change_request"
ASKED, DECIDED = "change-request-asked", "change-request-decided"
OVER = "This was decided or withdrawn already; somebody else was first."
CHANGED = "What you looked at has changed meanwhile. Look at it once more, then decide."
SAME = "Nothing would change: it stands like that already."
OUTCOMES = {
    State.ACCEPTED: "was accepted and counts from now on",
    State.REJECTED: "was not accepted",
    State.WITHDRAWN: "was withdrawn",
}


class Stale(DomainError):
    """What somebody decided on is not what stands now."""


@transaction.atomic
def ask(
    *,
    customer: Customer,
    kind: str,
    wanted: Mapping[str, str],
    actor: User | None,
    now: datetime,
    number: str = "",
    words: str = "",
    document: str = "",
    address: str | None = None,
) -> ChangeRequest:
    """Ask for changes of one kind; nothing changes before somebody accepts it.

    `wanted` are texts by the names of `change_fields.fields(kind, customer.kind)`; `number` is the account number
    of a debit order (empty: the one there is), kept encrypted. `actor` is who typed it: the customer's own log-in,
    nobody, or staff on the customer's behalf, who say by `document` what shows that the customer wants it. Where a
    request of this kind waits already, it becomes this one with its next version. Raises DomainError for a field
    that is not on the list, for a value that cannot be, and where nothing would change.
    """
    by_staff = actor is not None and actor.kind == User.Kind.STAFF
    if by_staff and not document.strip():
        raise DomainError("Say what shows that the customer wants this.", field="document")
    held = _hold_customer(customer.pk)
    if held.anonymised_on:
        raise DomainError("This customer was anonymised.")
    stands = reading.current(held, kind)
    asked = _whole(held, kind, wanted, stands, number)
    secret = _new_number(held, asked, number) if kind == Kind.PAYMENT else Secret("")
    if all(asked[name] == stands.get(name, "") for name in asked) and not secret:
        raise DomainError(SAME)
    request = _waiting(held, kind)
    request.origin = Origin.STAFF if by_staff else Origin.PORTAL
    request.wanted, request.seen = asked, stands
    request.number_last_four = secret.last_four
    request.number = secret  # type: ignore[assignment]
    request.words, request.document = words.strip()[:500], document.strip()[:300] if by_staff else ""
    request.asked_at, request.asked_by, request.asked_from = now, actor, address or None
    request.save()
    _tell(ASKED, request, _old_addresses(held, now), now, actor)
    return request


def _hold_customer(pk: int) -> Customer:
    """The customer, for us alone: accounts first, then the row that every change of theirs holds."""
    locks.hold([pk])
    return Customer.objects.select_for_update(of=("self",)).select_related("master").get(pk=pk)


def _waiting(customer: Customer, kind: str) -> ChangeRequest:
    """The request of this kind that waits, in its next version; or a new one."""
    found = ChangeRequest.objects.select_for_update(of=("self",)).filter(
        customer=customer, kind=kind, state=State.WAITING
    )
    held = found.first()
    if held is None:
        return ChangeRequest(customer=customer, kind=kind)
    held.version += 1
    return held


def _whole(
    customer: Customer, kind: str, wanted: Mapping[str, str], stands: Mapping[str, str], number: str
) -> dict[str, str]:
    """What is kept of what was asked: of details what differs, of the other kinds all of it."""
    given = _with_branch(wanted) if kind == Kind.PAYMENT else wanted
    asked = change_fields.cleaned(kind, customer.kind, given)
    if kind == Kind.CONVERSION:
        asked = change_fields.converted(customer.kind, asked, stands)
        change_fields.check_whole(kind, asked)
        return asked
    listed = {one.name for one in change_fields.fields(kind, customer.kind)}
    if kind == Kind.DETAILS:
        change_fields.check_whole(kind, {name: stands[name] for name in listed} | asked)
        return {name: text for name, text in asked.items() if text != stands[name]}
    change_fields.check_whole(kind, asked)
    if asked["method"] == change_fields.DEBIT_ORDER:
        asked["holder"] = " ".join(asked["holder"].split())
    return asked


def _with_branch(wanted: Mapping[str, str]) -> Mapping[str, str]:
    """The bank's universal branch code and its name, where none are given."""
    if wanted.get("method") != change_fields.DEBIT_ORDER:
        return wanted
    bank = change_applying.bank(wanted.get("bank", ""))
    given = {name: text for name, text in wanted.items() if text}
    return {**wanted, "branch_code": bank.branch_code, "branch_name": bank.name, **given}


def _new_number(customer: Customer, asked: dict[str, str], number: str) -> Secret:
    """The account number that is wanted, empty where it is the one there is; checked by its bank's rule."""
    if asked["method"] != change_fields.DEBIT_ORDER:
        return Secret("")
    held, typed = accounts.current_detail(customer.pk), details.digits(number)
    known = decrypt(details.kept_number(held).token) if held else ""
    if not typed and not known:
        raise DomainError("Give the account number.", field="number")
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) <= 20):
        raise DomainError("An account number has digits only.", field="number")
    values = change_applying.new_detail(asked, typed)
    if details.fails(values, held):
        raise DomainError(details.FAILS.format(bank=values.bank.name), field="number")
    secret = Secret.of(typed) if typed and typed != known else Secret("")
    asked["number"] = str(secret or (details.kept_number(held) if held else ""))
    return secret


def _held(request: ChangeRequest) -> ChangeRequest:
    """The request as it stands, for us alone, while it waits."""
    customer = _hold_customer(request.customer_id)
    found = ChangeRequest.objects.select_for_update(of=("self",))
    held = found.filter(pk=request.pk, state=State.WAITING).first()
    if held is None:
        raise DomainError(OVER)
    held.customer = customer
    return held


@transaction.atomic
def accept(
    *, request: ChangeRequest, version: int, actor: User, now: datetime, shown: str | None = None
) -> ChangeRequest:
    """Carry out exactly the version that was looked at.

    `shown` is the mark of the comparison that was looked at; without it, what stands must still be what stood when
    it was asked. Raises Stale where the request or what stands has changed since, and DomainError where somebody
    decided already or a value cannot stand.
    """
    held = _held(request)
    stands = reading.current(held.customer, held.kind)
    unchanged = stands == held.seen if shown is None else shown == reading.comparison(held).shown
    if version != held.version or not unchanged:
        raise Stale(CHANGED)
    told = _told(held, now)
    change_applying.apply(held, stands, actor, now)
    _decide(held, State.ACCEPTED, "", actor, now)
    _tell(DECIDED, held, told, now, actor)
    return held


@transaction.atomic
def reject(*, request: ChangeRequest, why: str, actor: User, now: datetime) -> ChangeRequest:
    """Say no, with the reason that the customer reads too. Nothing changes."""
    if not why.strip():
        raise DomainError("Say why; the customer reads it too.", field="why")
    return _no(request, State.REJECTED, why, actor, now)


@transaction.atomic
def withdraw(*, request: ChangeRequest, actor: User | None, now: datetime, why: str = "") -> ChangeRequest:
    """The customer does not want it any more. Nothing changes."""
    return _no(request, State.WITHDRAWN, why, actor, now)


def _no(
    request: ChangeRequest, state: ChangeRequest.State, why: str, actor: User | None, now: datetime
) -> ChangeRequest:
    held = _held(request)
    _decide(held, state, why, actor, now)
    _tell(DECIDED, held, _told(held, now), now, actor)
    return held


def _decide(
    request: ChangeRequest, state: ChangeRequest.State, why: str, actor: User | None, now: datetime
) -> None:
    """The decision, once. The account number is needed no more; its last digits stay."""
    request.state, request.why = state, why.strip()[:500]
    request.decided_by, request.decided_at = actor, now
    request.number = Secret("")  # type: ignore[assignment]
    request.save(update_fields=["state", "why", "decided_by", "decided_at", "number"])


def _old_addresses(customer: Customer, now: datetime) -> list[str]:
    """Where whoever is the contact at this moment is told. A reseller hears of its own clients (safety 14)."""
    if accounts.is_resellers(customer, local_day(now)) and customer.master:
        return [customer.master.contact_email]
    return [customer.contact_email]


def _told(request: ChangeRequest, now: datetime) -> list[str]:
    """Where the decision is told: at the address there is, and at the one it was asked under."""
    before = request.seen.get("email", "") if request.kind == Kind.DETAILS else ""
    resellers = accounts.is_resellers(request.customer, local_day(now))
    return [*_old_addresses(request.customer, now), *([] if resellers or not before else [before])]


def _tell(template: str, request: ChangeRequest, to: list[str], now: datetime, actor: User | None) -> None:
    customer = request.customer
    words = {"name": customer.name, "code": customer.code, "what": what(request)}
    if template == DECIDED:
        words["outcome"] = OUTCOMES[State(request.state)]
        words["why"] = request.why or "–"
    for address in dict.fromkeys(one for one in to if one):
        outbox.queue(
            template=template,
            now=now,
            customer_id=customer.pk,
            to=address,
            context=words,
            subject_kind=SUBJECT,
            subject_id=request.pk,
            actor_id=actor.pk if actor else None,
        )


def what(request: ChangeRequest) -> str:
    """What is wanted in a few words without its values: the kind, and of details the names of the fields."""
    label = str(request.get_kind_display())
    if request.kind != Kind.DETAILS:
        return label
    wanted = cast(Mapping[str, str], request.wanted)
    names = [one.full_label for one in change_fields.FIELDS[request.kind] if one.name in wanted]
    return f"{label} ({', '.join(names)})"
