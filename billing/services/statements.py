"""Statements and transaction reports on paper and by mail, for one customer or for everybody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from billing.models import MailedStatement
from billing.pdf import sheets, words
from billing.pdf import statements as paper
from billing.selectors import cutover
from billing.selectors import statements as reading
from billing.selectors.statements import Account
from billing.services import letterheads
from customers.models import Address, Customer
from herotill import runs
from herotill.errors import DomainError
from herotill.messages.services import outbox
from herotill.messages.templates import Attachment
from herotill.models import Run
from herotill.months import Month
from herotill.pdf.letterhead import Letterhead, address_lines
from herotill.users.models import User

KIND = "statement-run"
SUBJECT = "statement"
Form = MailedStatement.Form
TEMPLATES = {Form.STATEMENT: "statement", Form.TRANSACTIONS: "transaction-report"}
AT_ONCE = 2_000

_WRITE = """
WITH made AS (
    INSERT INTO billing_mailedstatement (customer_id, form, first, last, run_id, asked_by_id)
    SELECT customer_id, %(form)s, %(first)s, %(last)s, %(run)s, %(actor)s
    FROM unnest(%(customers)s::bigint[]) AS t (customer_id)
    ON CONFLICT (run_id, customer_id) WHERE run_id IS NOT NULL DO NOTHING RETURNING id
) SELECT count(*) FROM made
"""
_MAIL = """
SELECT s.customer_id, s.id AS subject_id, jsonb_build_object('name', c.name, 'code', c.code,
    'period', s.first || ' to ' || s.last, 'balance', to_char(coalesce(b.amount, 0), 'FM999,999,999,990.00'),
    'deposits', coalesce('A deposit of R ' || to_char(nullif(h.amount, 0), 'FM999,999,999,990.00')
        || ' is held apart; it is not part of the balance.', '')) AS context,
    'statement-' || s.id AS key
FROM billing_mailedstatement s JOIN customers_customer c ON c.id = s.customer_id
LEFT JOIN (
    SELECT customer_id, sum(amount) AS amount FROM billing_entry
    WHERE customer_id = ANY (%(customers)s) AND accounting_date <= %(last)s GROUP BY customer_id
) b ON b.customer_id = s.customer_id
LEFT JOIN (
    SELECT customer_id, sum(CASE kind WHEN 'received' THEN amount ELSE -amount END) AS amount FROM billing_depositentry
    WHERE customer_id = ANY (%(customers)s) AND day <= %(last)s GROUP BY customer_id
) h ON h.customer_id = s.customer_id
WHERE s.run_id = %(run)s AND s.customer_id = ANY (%(customers)s)
"""


def period(*, today: date, customer: int | None = None) -> tuple[date, date]:
    """What a statement covers unless somebody says otherwise: three months with this one, up to today."""
    first = Month.of(today).plus(-2).first
    begun = reading.first_day(customer=customer) if customer else None
    return max(first, begun) if begun and begun <= today else first, today


def pdf(
    *, customer: Customer, first: date, last: date, now: datetime, form: str = Form.STATEMENT
) -> Attachment:
    """The statement or transaction report as a PDF with its name."""
    shown = reading.account(customer=customer.pk, first=first, last=last)
    if form == Form.STATEMENT:
        content = paper.statement(_statement(customer, shown, now))
    else:
        content = paper.transactions(_transactions(customer, shown, now))
    word = "Statement" if form == Form.STATEMENT else "Transactions"
    return Attachment(f"{word}-{customer.code}-{last}.pdf", content)


def _statement(customer: Customer, shown: Account, now: datetime) -> sheets.StatementSheet:
    return sheets.StatementSheet(
        **_common(customer, shown, now),
        entries=tuple(
            sheets.StatementEntry(one.day, one.name, _told(one), one.debit, one.credit, one.balance)
            for one in shown.entries
        ),
        ageing=(*shown.aged,),
        deposits=shown.deposits,
    )


def _transactions(customer: Customer, shown: Account, now: datetime) -> sheets.TransactionSheet:
    return sheets.TransactionSheet(
        **_common(customer, shown, now),
        transactions=tuple(
            sheets.Transaction(
                day=one.entry.day,
                kind=one.entry.label,
                name=one.entry.name,
                text=one.entry.told,
                amount=one.entry.amount,
                open=one.open,
                balance=one.entry.balance,
                settled=tuple(
                    sheets.Settlement(other.reference or other.label, other.day, other.amount)
                    for other in one.settled
                ),
            )
            for one in reading.transactions(customer=customer.pk, shown=shown)
        ),
    )


def _told(entry: reading.Entry) -> str:
    return f"{entry.label}: {entry.told}" if entry.told else entry.label


def _common(customer: Customer, shown: Account, now: datetime) -> dict[str, Any]:
    return {
        "letterhead": letterhead_on(shown.last),
        "party": party_of(customer),
        "first": shown.first,
        "last": shown.last,
        "opening": shown.opening,
        "closing": shown.closing,
        "stamp": reading.stamp(now, reading.freshness()),
    }


def letterhead_on(day: date) -> Letterhead:
    """Ours as it stands, with the VAT status of a day."""
    ours = letterheads.today()
    return Letterhead.of(ours.details, day=day, logo=bytes(ours.logo) if ours.logo else None)


def party_of(customer: Customer) -> sheets.Party:
    """The customer with the address that post goes to."""
    found = Address.objects.filter(customer=customer, kind__in=("postal", "physical"))
    by_kind = {one.kind: one for one in found}
    address = by_kind.get("postal") or by_kind.get("physical")
    lines = address_lines("\n".join(filter(None, _lines(address)))) if address else ()
    return sheets.Party(customer.name, customer.code, lines, customer.vat_number)


def _lines(address: Address) -> list[str]:
    return [address.lines, address.suburb, " ".join(filter(None, (address.town, address.postal_code)))]


@transaction.atomic
def mail(
    *,
    customers: Collection[int],
    first: date,
    last: date,
    now: datetime,
    actor: User | None,
    run_id: int,
    form: str = Form.STATEMENT,
) -> int:
    """Queue the statement of each of these customers, once in a run; how many were queued."""
    values: dict[str, Any] = {
        "customers": list(customers),
        "form": form,
        "first": first,
        "last": last,
        "run": run_id,
        "actor": actor.pk if actor else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
    return outbox.queue_select(
        _MAIL,
        {"customers": list(customers), "last": last, "run": run_id},
        template=TEMPLATES[Form(form)],
        now=now,
        subject_kind=SUBJECT,
        actor_id=actor.pk if actor else None,
    )


def mail_one(
    *,
    customer: Customer,
    first: date,
    last: date,
    now: datetime,
    actor: User | None,
    form: str = Form.STATEMENT,
) -> MailedStatement:
    """Queue one customer's statement; the PDF is made as it goes out."""
    made = MailedStatement.objects.create(
        customer=customer, form=form, first=first, last=last, asked_by=actor
    )
    shown = reading.account(customer=customer.pk, first=last, last=last)
    outbox.queue(
        template=TEMPLATES[Form(form)],
        customer_id=customer.pk,
        context={
            "name": customer.name,
            "code": customer.code,
            "period": f"{first} to {last}",
            "balance": f"{shown.closing:,.2f}",
            "deposits": words.deposits_held(shown.deposits),
        },
        subject_kind=SUBJECT,
        subject_id=made.pk,
        key=f"statement-{made.pk}",
        now=now,
        actor_id=actor.pk if actor else None,
    )
    return made


def attached(statement: int, now: datetime) -> Attachment:
    """The PDF of a mailed statement."""
    one = MailedStatement.objects.select_related("customer").get(pk=statement)
    return pdf(customer=one.customer, first=one.first, last=one.last, now=now, form=one.form)


def begin(*, customers: Collection[int] | None, first: date, last: date, actor: User) -> Run:
    """Have a run mail statements to these customers, or to all who owe, have credit or had anything posted.

    Raises DomainError where that is nobody.
    """
    if not cutover.signed():
        raise DomainError(
            "Statements stay off until the debtors taken over are signed (Reports, Opening debtors)."
        )
    people = reading.moving(customers=customers, since=first, today=last)
    if not people:
        raise DomainError("Nobody among them owes, has credit or had anything posted in that time.")
    params: dict[str, Any] = {"first": str(first), "last": str(last)}
    if customers is not None:
        params["customers"] = people
    title = f"Statements to {len(people):,} customer{'' if len(people) == 1 else 's'}"
    once = f"all {first} {last}" if customers is None else ""
    return runs.start(kind=KIND, params=params, actor=actor, title=title, once=once)


def carry_out(run: Run, progress: runs.Progress) -> None:
    """What the run does: some thousand mails at a time, each lot kept with where it had come to."""
    first, last = (date.fromisoformat(run.params[key]) for key in ("first", "last"))
    people = reading.moving(customers=run.params.get("customers"), since=first, today=last)
    progress.expect(len(people))
    waiting = [pk for pk in people if pk > progress.cursor.get("last", 0)]
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        with transaction.atomic():
            queued = mail(
                customers=some,
                first=first,
                last=last,
                now=run.created_at,
                actor=run.started_by,
                run_id=run.pk,
            )
            progress.advance(len(some), queued=queued)
            progress.checkpoint(last=some[-1])
