"""A server that stands in for SageOne on this machine, and breaks its promises when it is told to."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from herotill.clock import local, stamp
from herotill.integrations.books import Connection, Credentials
from herotill.integrations.listening import Answering, Listening
from herotill.integrations.sageone import PAGE, filters
from herotill.integrations.sageone.door import Door
from herotill.integrations.sageone.faults import FAULTS, HTML, Told, as_json, instead, spoilt
from herotill.integrations.sageone.ledger import Ledger, No, Row
from herotill.integrations.sageone.numbers import dumps, loads

CREDENTIALS = Credentials("books@veldnet.test", "open-books", "11111111-2222-4333-8444-555555555555")
CONNECTION = Connection(CREDENTIALS, "1")


class SageStandIn(Listening):
    """One server on a port of this machine, in a thread. `ledger` holds the books; `calls` what was asked.

    `misbehave("429", "late")` spoils the next calls, one each:

    - 429, 500, 503: says so and does nothing; "html", "text": a page, or a sentence, instead of JSON; "html-ok"
      the page with 200; "drop" closes the line before anything is done
    - "late" does what was asked and closes the line without a word; "slow" waits before it answers
    - "twice", "mixed", "cut": a list has its first row twice, its rows out of order, or its last row not

    `between` is done after a list is answered, one thing each: so pages shift. `skew` sets its clock off ours.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        now: Callable[[], datetime] = stamp,
        credentials: Credentials = CREDENTIALS,
        a_minute: int = 100,
        kept: Path | None = None,
    ) -> None:
        self.real, self.skew = now, timedelta(0)
        self.door, self.kept = Door(credentials, a_minute, lambda: self.real()), kept
        self.ledger = Ledger(self.now)
        self.calls: list[tuple[str, str, dict[str, str], Any]] = []
        self.faults: deque[str] = deque()
        self.faults_on: dict[str, deque[str]] = {}
        self.between: deque[Callable[[], object]] = deque()
        self.pause = threading.Event()
        self.lock = threading.RLock()
        if kept and kept.exists():
            self._go_on(loads(kept.read_text()))
        super().__init__(_handler(self), port)

    def __exit__(self, *trouble: object) -> None:
        self.pause.set()
        super().__exit__(*trouble)
        self._keep()

    def now(self) -> datetime:
        """The clock there, as it shows itself."""
        return local(self.real()) + self.skew

    def misbehave(self, *faults: str, on: str = "") -> None:
        """Spoil the next calls so, one each: any, or those to one method, as in "TaxInvoice/Save"."""
        unknown = set(faults) - set(FAULTS)
        if unknown:
            raise ValueError(f"It cannot do that: {unknown}.")
        (self.faults_on.setdefault(on, deque()) if on else self.faults).extend(faults)

    def behave(self) -> None:
        """Nothing goes wrong any longer that was to go wrong, and its clock is right."""
        self.skew = timedelta(0)
        for some in (self.faults, self.faults_on, self.between):
            some.clear()

    def asked(self, what: str) -> list[Any]:
        """The bodies, or queries, of the calls to one method: "TaxInvoice/Save"."""
        return [query if body is None else body for _, path, query, body in self.calls if path == what]

    def add_customer(self, code: str, name: str) -> str:
        """A customer made by hand there; its id."""
        with self.lock:
            return str(
                self.ledger.save("Customer", {"Name": name, "TextField1": code, "Active": True})[0]["ID"]
            )

    def add_receipt(
        self, customer_id: str, amount: Decimal, day: date, *, bank: int = 1, reference: str = ""
    ) -> str:
        """A receipt captured there; its id."""
        row = {
            "CustomerId": int(customer_id),
            "BankAccountId": bank,
            "Date": f"{day}T00:00:00",
            "Total": amount,
            "Reference": reference,
            "PaymentMethod": 4,
        }
        with self.lock:
            return str(self.ledger.save("CustomerReceipt", row)[0]["ID"])

    def change_receipt(self, id: str, **values: Any) -> None:
        """Change what stands there: Total=…, CustomerId=…"""
        with self.lock:
            self.ledger.save("CustomerReceipt", {"ID": int(id), **values})

    def delete_receipt(self, id: str) -> None:
        with self.lock:
            self.ledger.delete("CustomerReceipt", int(id))

    def lock_until(self, day: date | None) -> None:
        """Nothing may be posted on that day or before it."""
        locked = {"LockProcessing": day is not None, "LockProcessingDate": f"{day}T00:00:00" if day else None}
        self.ledger.company |= locked

    def respond(
        self, method: str, path: str, query: dict[str, str], raw: bytes, head: Mapping[str, str]
    ) -> Told:
        """What is said to one call."""
        with self.lock:
            version, _, what = path.removeprefix("/api/").partition("/")
            body = _read(raw) if method == "POST" else None
            self.calls.append((method, what, query, body))
            no = self.door.no(method, version, query, head)
            if no:
                return no
            fault = self._fault(what)
            told = instead(fault) or self._answer(method, what, query, body)
            told = spoilt(fault, told)
            if what.endswith("/Get") and self.between:
                self.between.popleft()()
            if what.endswith("/Save"):
                self._keep()
        if fault == "slow":
            self.pause.wait(30)
        return told

    def _fault(self, what: str) -> str:
        """How this call goes wrong, if it does."""
        some = self.faults or self.faults_on.get(what)
        return some.popleft() if some else ""

    def _answer(self, method: str, what: str, query: dict[str, str], body: Any) -> Told:
        service, _, verb = what.partition("/")
        if what == "Company/Get":
            return self._list("Company", query)
        if query.get("companyid") != str(self.ledger.company["ID"]):
            return as_json(404, {"Message": "The company was not found."})
        if what == "CustomerAgeing/GetSummary":
            return self._ageing(body, query)
        if service not in self.ledger.rows:
            return as_json(404, "No action was found on the controller that matches the request.")
        try:
            return self._row(method, service, verb, query, body)
        except No as no:
            return as_json(no.status, no.words)

    def _row(self, method: str, service: str, verb: str, query: dict[str, str], body: Any) -> Told:
        if (method, verb) == ("GET", "Get"):
            return self._list(service, query)
        if (method, verb) == ("POST", "Save") and isinstance(body, dict):
            row, new = self.ledger.save(service, body)
            return as_json(201 if new else 200, self._shown(service, row))
        id = verb.partition("/")[2]
        row = self.ledger.rows[service].get(int(id) if id.isdigit() else 0, {})
        if method == "GET" and row:
            return as_json(200, self._shown(service, row))
        if method == "DELETE" and verb.startswith("Delete/"):
            self.ledger.delete(service, int(id))
            return Told(204)
        return as_json(404, {"Message": f"{service} was not found."})

    def _list(self, service: str, query: dict[str, str]) -> Told:
        behind = re.fullmatch(r"ID ge (\d+)", query.get("$filter", ""))
        held = self.ledger.rows[service]
        if behind and query.get("$orderby") == "ID":  # the usual question, and books may be large
            ids = sorted(held)
            ids = ids[bisect_left(ids, int(behind[1])) :]
            page = [held[id] for id in self._page(ids, query)]
            return self._paged([self._shown(service, row) for row in page], len(ids))
        try:
            passes = filters.test(query["$filter"]) if "$filter" in query else lambda row: True
        except ValueError:
            return as_json(400, {"Message": "The query specified in the URI is not valid."})
        rows = [row for row in held.values() if passes(row)]
        if query.get("$orderby", "").split(" ")[0] in rows[0] if rows else False:
            rows.sort(key=lambda row: row[query["$orderby"].split(" ")[0]])
        return self._paged([self._shown(service, row) for row in self._page(rows, query)], len(rows))

    def _page(self, rows: list[Any], query: dict[str, str]) -> list[Any]:
        skip, top = int(query.get("$skip", 0)), min(int(query.get("$top", PAGE)), PAGE)
        return rows[skip : skip + top]

    def _paged(self, rows: list[Row], total: int) -> Told:
        return as_json(200, {"TotalResults": total, "ReturnedResults": len(rows), "Results": rows})

    def _ageing(self, body: Any, query: dict[str, str]) -> Told:
        day = date.fromisoformat(str(body["ToDate"])[:10])
        rows = self.ledger.ageing(
            day, int(body.get("CustomerId") or 0), all=not body.get("ExcludeZeroBalance")
        )
        return self._paged(self._page(rows, query), len(rows))

    def _shown(self, service: str, row: Row) -> Row:
        """A row as it is given: some empty fields are missing altogether."""
        return {name: value for name, value in self.ledger.shown(service, row).items() if value is not None}

    def _keep(self) -> None:
        if self.kept:
            self.kept.parent.mkdir(parents=True, exist_ok=True)
            self.kept.write_text(dumps({"last": self.ledger.last, "rows": self.ledger.rows}))

    def _go_on(self, kept: Any) -> None:
        self.ledger.last = kept["last"]
        for service, rows in kept["rows"].items():
            self.ledger.rows[service] = {int(id): row for id, row in rows.items()}
        self.ledger.company = next(iter(self.ledger.rows["Company"].values()))


def _read(raw: bytes) -> Any:
    try:
        return loads(raw or b"null")
    except ValueError:
        return None


def _handler(there: SageStandIn) -> type[Answering]:
    class Handler(Answering):
        def do_GET(self) -> None:
            self._respond(b"")

        def do_DELETE(self) -> None:
            self._respond(b"")

        def do_POST(self) -> None:
            if "Content-Length" not in self.headers:
                self._tell(Told(411, HTML, "text/html"))
                return
            self._respond(self.posted())

        def _respond(self, raw: bytes) -> None:
            path, _, query = self.path.partition("?")
            asked = dict(parse_qsl(query, keep_blank_values=True))
            self._tell(there.respond(self.command, path, asked, raw, dict(self.headers.items())))

        def _tell(self, told: Told) -> None:
            head = [("LOGUID", f"log-{len(there.calls):06d}"), *told.head]
            self.say(told.status, told.body.encode(), told.kind, head)

    return Handler
