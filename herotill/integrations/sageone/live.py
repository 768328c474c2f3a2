"""SageOne Accounting for South Africa, versions 2.0.0 and 1.1.2 of its interface."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings

from herotill.integrations.books import (
    Account,
    Ageing,
    BankAccount,
    Booked,
    Books,
    Company,
    Connection,
    Customer,
    Document,
    Kind,
    Receipt,
    TaxType,
)
from herotill.integrations.books.errors import NotThere
from herotill.integrations.http import NotSent
from herotill.integrations.sageone import PAGE, VERSIONS, reading, writing
from herotill.integrations.sageone.limits import Limits
from herotill.integrations.sageone.reading import Row
from herotill.integrations.sageone.wire import Wire

TOGETHER = 40  # ids in one question
Found = TypeVar("Found")


def books(connection: Connection) -> Books:
    """The books of a connection, at the address and the pace of the settings."""
    return SageOne(connection, settings.SAGEONE_URL)


class SageOne:
    """One company's books there. A pace other than that of the settings comes with `limits`."""

    def __init__(
        self, connection: Connection, base: str, *, limits: Limits | None = None, seconds: float | None = None
    ) -> None:
        if connection.version not in VERSIONS:
            raise NotSent("That version of SageOne's interface is not spoken here.", retry=False)
        self.connection = connection
        self.limits = limits or Limits(base, connection)
        self.wire = Wire(connection, base.rstrip("/"), self.limits, seconds=seconds)

    def companies(self) -> list[Company]:
        self.limits.allow()
        found, _ = reading.rows(self.wire.ask("Company/Get", company=False))
        return [reading.company(one) for one in found]

    def company(self) -> Company:
        for one in reading.rows(self.wire.ask("Company/Get", company=False))[0]:
            if str(one.get("ID")) == self.connection.company_id:
                return reading.company(one)
        raise NotThere("These credentials do not see that company.")

    def bank_accounts(self) -> list[BankAccount]:
        return self._all("BankAccount", reading.bank_account)

    def tax_types(self) -> list[TaxType]:
        return self._all("TaxType", reading.tax_type)

    def accounts(self) -> list[Account]:
        return self._all("Account", reading.account)

    def customers(self) -> Iterator[list[Customer]]:
        return self._pages("Customer", reading.customer)

    def customer(self, id: str) -> Customer | None:
        found = map(reading.customer, self._found("Customer", f"ID eq {writing.identity(id)}"))
        return next((one for one in found if one.id == id), None)

    def customers_of(self, code: str) -> list[Customer]:
        carries = f"{settings.SAGEONE_CODE_FIELD} eq {writing.quoted(code)}"
        found = map(reading.customer, self._found("Customer", carries))
        return [one for one in found if one.code == code]

    def save_customer(self, customer: Customer) -> Customer:
        there: Row = {}
        if customer.id:
            there = reading.row(self.wire.ask(f"Customer/Get/{writing.identity(customer.id)}"))
        saved, _ = self.wire.tell("Customer/Save", writing.customer(customer, dict(there)))
        return reading.customer(reading.row(saved))

    def documents_of(self, kind: Kind, number: str) -> list[Booked]:
        named = writing.quoted(number)
        found = self._found(writing.SERVICES[kind], f"Reference eq {named} or DocumentNumber eq {named}")
        booked = (reading.booked(kind, one) for one in found)
        return [one for one in booked if number in (one.reference, one.number)]

    def save_document(self, document: Document) -> Booked:
        saved, support_id = self.wire.tell(
            f"{writing.SERVICES[document.kind]}/Save", writing.document(document)
        )
        return reading.booked(document.kind, reading.row(saved), support_id)

    def receipts(self, *, since: datetime | None = None, after: str = "") -> Iterator[list[Receipt]]:
        at = writing.literal(since) if since else ""
        also = f"(Modified ge {at} or Created ge {at})" if since else ""
        return self._pages("CustomerReceipt", reading.receipt, after=after, also=also)

    def receipts_of(self, ids: Collection[str]) -> list[Receipt]:
        wanted = sorted(map(writing.identity, ids))
        found = []
        for place in range(0, len(wanted), TOGETHER):
            some = wanted[place : place + TOGETHER]
            found += self._found("CustomerReceipt", " or ".join(f"ID eq {one}" for one in some))
        return [reading.receipt(one) for one in found if one.get("ID") in set(wanted)]

    def spent(self) -> Decimal:
        return self.limits.spent()

    def ageing(self, day: date, *, customer_id: str = "", from_due: bool = False) -> Iterator[Ageing]:
        body: dict[str, Any] = {
            "ToDate": day.isoformat(),
            "Summary": True,
            "IncludeActive": True,
            "IncludeInactive": True,
            "ExcludeZeroBalance": not customer_id,
            "BasedOnDueDate": from_due,
        }
        if customer_id:
            body["CustomerId"] = writing.identity(customer_id)
        return (one for one in self._report(body) if customer_id in ("", one.customer_id))

    def _report(self, body: dict[str, Any]) -> Iterator[Ageing]:
        """Whom a report tells of, which may come by pages. Raises where not all came: one twice may hide another.

        Who stands in one answer with several amounts, say one a currency, owes their sum; with the same amounts
        twice, it is a row that was given twice.
        """
        seen: set[str] = set()
        rows, first = 0, None
        while first is None or rows < first:
            found, total = reading.rows(
                self.wire.ask_by_post("CustomerAgeing/GetSummary", body, {"$skip": str(rows)})
            )
            first = total if first is None else first
            page = dict.fromkeys(map(reading.ageing, found))
            fresh = [one for one in page if one.customer_id not in seen]
            if total != first or (total and not fresh):
                raise NotSent("SageOne gave a part of its ageing only, or it changed meanwhile.")
            rows += len(fresh)
            seen |= {one.customer_id for one in fresh}
            yield from reading.together(page)

    def _found(self, service: str, wanted: str) -> list[Row]:
        """What a filter finds on one page, each once."""
        found, total = reading.rows(
            self.wire.ask(f"{service}/Get", {"$filter": wanted, "$orderby": "ID", "$top": str(PAGE)})
        )
        each = {reading.number(one): one for one in found}
        if total > len(each):
            raise NotSent("SageOne found more than it can give at once.")
        return list(each.values())

    def _all(self, service: str, read: Callable[[Row], Found]) -> list[Found]:
        return [one for page in self._pages(service, read) for one in page]

    def _pages(
        self, service: str, read: Callable[[Row], Found], *, after: str = "", also: str = ""
    ) -> Iterator[list[Found]]:
        """All rows by id, each once, whatever is made or deleted meanwhile: each page begins behind the last id.

        Raises where a page is not what was asked for, so that nothing is taken for deleted that was not shown.
        """
        last = writing.identity(after) if after else 0
        while True:
            wanted = f"ID ge {last + 1}" + (f" and {also}" if also else "")
            query = {"$filter": wanted, "$orderby": "ID", "$top": str(PAGE)}
            found, total = reading.rows(self.wire.ask(f"{service}/Get", query))
            new = _new(found, last)
            if new:
                last = max(new)
                yield [read(one) for one in new.values()]
            if not new or len(new) >= total:
                if total > len(new):
                    raise NotSent("SageOne gave a part of a list only.")
                return


def _new(found: Sequence[Row], last: int) -> dict[int, Row]:
    """The rows of a page behind an id, each once. Raises where they do not come by id or are not behind it."""
    ids = [reading.number(one) for one in found]
    if ids != sorted(ids) or (ids and ids[0] <= last):
        raise NotSent("SageOne gave a list in another order than was asked for.")
    return dict(zip(ids, found, strict=True))
