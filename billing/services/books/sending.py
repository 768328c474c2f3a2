"""Sending what the books are owed: one after the other, each looked for there before it is made.

Whoever is killed leaves a lease that runs out; what was sent without an answer waits and is looked for. So it is
made once, wherever the work breaks off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from billing.models import BooksConnection, BooksCustomer, BooksDocument, BooksOwed, Document
from billing.selectors import books as reading
from billing.services.books import connecting, owing
from herotill import jobs
from herotill.clock import local, stamp
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.books import Booked, Books, Kind, TaxType
from herotill.integrations.books.errors import Denied, NotSent, Refused, Stopped, Uncertain
from herotill.money import rand

State = BooksOwed.State
LEASE = timedelta(minutes=10)  # longer than any call, with its waits, can take
SETTLES = timedelta(minutes=2)  # what was sent without an answer is there by then, or never
TRIES = 14  # some three days
LONGEST = timedelta(hours=12)
SILENCES = 3  # so many without an answer, one after the other, and nothing more is sent this time
FOR_PUSHING = Decimal(2) / 3  # of the calls of a day; the rest is for receipts
ROUND = timedelta(minutes=4)
NOBODY = (
    "Nobody in SageOne carries the code {}. Give the customer the SageOne ID, or have customers made there; Setup,"
    " SageOne."
)

# The next one that is due. Before it, of the same customer, nothing may be left but what was left out, or
# details that were refused where a link stands already.
_CLAIM = """
UPDATE billing_booksowed SET state = 'sending', tries = tries + 1, tried_at = %(now)s, next_try_at = %(until)s
WHERE id = (
    SELECT o.id FROM billing_booksowed o
    WHERE o.state IN ('waits', 'sending', 'unknown') AND o.next_try_at <= %(now)s AND NOT EXISTS (
        SELECT FROM billing_booksowed e
        WHERE e.customer_id = o.customer_id AND e.state <> 'left'
            AND (e.document_id IS NULL AND o.document_id IS NOT NULL
                OR (e.document_id IS NULL) = (o.document_id IS NULL) AND e.id < o.id)
            AND NOT (e.document_id IS NULL AND e.state = 'refused' AND EXISTS (
                SELECT FROM billing_bookscustomer k WHERE k.customer_id = e.customer_id))
    )
    ORDER BY o.next_try_at, o.id LIMIT 1 FOR UPDATE OF o SKIP LOCKED
) RETURNING id
"""


def push(*, clock: Callable[[], datetime] = stamp, books: Books | None = None) -> str:
    """Send what is due, for some minutes at most; a sentence on what was done.

    Raises IntegrationError where the books cannot be reached or let nobody in; everything waits then.
    """
    if not BooksConnection.objects.filter(is_on=True).exists():
        return "SageOne is switched off."
    sender = Sender(books or connecting.books(), clock)
    try:
        return _push(sender, clock)
    finally:
        jobs.count(sent=sender.sent, refused=sender.refused, without_an_answer=sender.unknown)


def _push(sender: Sender, clock: Callable[[], datetime]) -> str:
    ends = clock() + ROUND
    while clock() < ends:
        if sender.books.spent() >= FOR_PUSHING:
            return f"{sender.said()} What is left of today's calls is for receipts."
        if not sender.next():
            return sender.said()
        if sender.silences >= SILENCES:
            return f"{sender.said()} It goes on later."
    jobs.nudge(owing.JOB)
    return f"{sender.said()} It goes on."


class Sender:
    """Sends one after the other and counts what became of them."""

    def __init__(self, books: Books, clock: Callable[[], datetime]) -> None:
        self.books, self.clock = books, clock
        self.sent = self.refused = self.unknown = self.silences = 0
        self._types: Sequence[TaxType] | None = None

    def said(self) -> str:
        """What was done, in words."""
        said = f"{self.sent:,} sent, {self.refused:,} refused"
        return f"{said}, {self.unknown:,} without an answer." if self.unknown else f"{said}."

    def next(self) -> bool:
        """Send the next one that is due; whether there was one."""
        owed = claim(self.clock())
        if owed is None:
            return False
        try:
            self._send(owed)
        except Uncertain as trouble:
            self.unknown += 1
            self.silences += 1
            self._later(owed, State.UNKNOWN, str(trouble))
            return True
        except Stopped as trouble:
            self._back(owed, str(trouble), until=trouble.until)
            raise
        except Denied as trouble:
            self._back(owed, str(trouble))
            connecting.note_trouble(str(trouble), at=self.clock())
            raise
        except (Refused, DomainError, IntegrityError) as trouble:
            self.refused += 1
            _refuse(owed, _in_words(trouble), getattr(trouble, "support_id", ""))
        except IntegrationError as trouble:
            retried = not isinstance(trouble, NotSent) or trouble.retry
            self._later(owed, State.WAITS, str(trouble))
            if retried:
                raise
        else:
            self.sent += 1
        self.silences = 0
        return True

    def _send(self, owed: BooksOwed) -> None:
        if owed.document is None:
            self._send_customer(owed)
        else:
            self._send_document(owed, owed.document)

    def _send_customer(self, owed: BooksOwed) -> None:
        """Make the customer there, or change what stands; one of the same code that is there already is taken.

        Who was forgotten here stays there as the law wants documents kept.
        """
        if owed.customer.anonymised_on:
            _done(owed)
            return
        link = BooksCustomer.objects.filter(customer=owed.customer).first()
        theirs = link.their_id if link else self._found_customer(owed.customer.code)
        given = reading.details(owed.customer, theirs)
        if not theirs and not connecting.connection().makes_customers:
            raise DomainError(NOBODY.format(owed.customer.code))
        if link is None or link.sent != reading.digest(given):
            theirs = self.books.save_customer(given).id
            given = replace(given, id=theirs)
        with transaction.atomic():
            BooksCustomer.objects.update_or_create(
                customer=owed.customer,
                defaults={"their_id": theirs, "synced_at": self.clock(), "sent": reading.digest(given)},
            )
            _done(owed)

    def _found_customer(self, code: str) -> str:
        found = self.books.customers_of(code)
        if len(found) > 1:
            ids = ", ".join(one.id for one in found)
            raise Refused(f"Several customers there carry the code {code}: {ids}.")
        return found[0].id if found else ""

    def _send_document(self, owed: BooksOwed, document: Document) -> None:
        link = BooksCustomer.objects.filter(customer=owed.customer).first()
        if link is None:
            raise DomainError(
                f"{owed.customer.code} has no SageOne ID; what was left out of the customer comes first."
            )
        there = self._found_document(document, link.their_id)
        if there is None:
            given = reading.document(document, link.their_id, connecting.connection(), self._tax_types())
            booked, found = self.books.save_document(given), False
        else:
            booked, found = there, True
        _booked(owed, document, booked, found=found, now=self.clock())

    def _found_document(self, document: Document, their_customer: str) -> Booked | None:
        """What stands there under our number. Raises Refused where it is not ours to the cent."""
        found = self.books.documents_of(Kind(document.kind), document.name)
        if not found:
            return None
        if len(found) > 1:
            raise Refused(f"{document.name} stands there {len(found)} times.")
        there = found[0]
        if there.customer_id != their_customer:
            raise Refused(f"{document.name} stands there already, of another customer.")
        if there.incl != document.incl:
            raise Refused(
                f"{document.name} stands there already with {rand(there.incl)}; here it is {rand(document.incl)}."
            )
        return there

    def _tax_types(self) -> Sequence[TaxType]:
        if self._types is None:
            self._types = self.books.tax_types()
        return self._types

    def _later(self, owed: BooksOwed, state: str, trouble: str) -> None:
        """Try again after a while, twice as long each time; a person is asked after some days."""
        wait = min(SETTLES * 2 ** (owed.tries - 1), LONGEST)
        if owed.tries >= TRIES:
            _refuse(owed, f"{trouble} Tried {owed.tries} times.", "")
            return
        _mine(owed).update(state=state, next_try_at=self.clock() + wait, trouble=trouble[:500])

    def _back(self, owed: BooksOwed, trouble: str, until: datetime | None = None) -> None:
        """It was not its fault."""
        said = f"{trouble} It goes on at {local(until):%H:%M}." if until else trouble
        _mine(owed).update(
            state=State.WAITS, next_try_at=until or self.clock(), tries=owed.tries - 1, trouble=said[:500]
        )


def claim(now: datetime) -> BooksOwed | None:
    """Take the next one that is due, under a lease."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + LEASE})
        row = cursor.fetchone()
    if row is None:
        return None
    return BooksOwed.objects.select_related("customer", "document").get(pk=row[0])


def _mine(owed: BooksOwed):  # type: ignore[no-untyped-def]
    """The row, while it is ours: another try after our lease has another number."""
    return BooksOwed.objects.filter(pk=owed.pk, state=State.SENDING, tries=owed.tries)


def _done(owed: BooksOwed) -> None:
    """It is there. Details that changed meanwhile are owed again."""
    if not BooksOwed.objects.filter(pk=owed.pk, version=owed.version).delete()[0]:
        _mine(owed).update(state=State.WAITS, tries=0, trouble="", told_of="", next_try_at=owed.tried_at)


def _booked(owed: BooksOwed, document: Document, booked: Booked, *, found: bool, now: datetime) -> None:
    with transaction.atomic():
        BooksDocument.objects.update_or_create(
            document=document,
            defaults={
                "kind": document.kind,
                "their_id": booked.id,
                "their_number": booked.number[:100],
                "ours": document.incl,
                "our_vat": document.vat,
                "incl": booked.incl,
                "vat": booked.vat,
                "found": found,
                "support_id": booked.support_id[:100],
                "synced_at": now,
            },
        )
        _done(owed)


def _refuse(owed: BooksOwed, trouble: str, support_id: str) -> None:
    _mine(owed).update(state=State.REFUSED, trouble=trouble[:500], support_id=support_id[:100])


def _in_words(trouble: Exception) -> str:
    if isinstance(trouble, Refused) and trouble.why:
        said = str(trouble)
        return " ".join([said, *(why for why in trouble.why if why not in said)])
    if isinstance(trouble, IntegrityError):
        return "Another customer or document of ours is linked with that entry there already."
    return str(trouble)
