"""Debit orders by Netcash: the file, its way there, and the statement as results. Who else sends files there says what is debited."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Sum

from billing.collecting import Bill, Carrier, OutLine, Problem, ResultRow, Sent, channels, line_of
from billing.models import BankService, CollectionBatch, CollectionLine, CollectionResult
from billing.services import bank_services
from herotill.clock import local, local_day
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.http import NotSent, Uncertain
from herotill.integrations.netcash import (
    CURRENT,
    SAVINGS,
    TRANSMISSION,
    BatchStatus,
    CardDebit,
    Debit,
    File,
    Keys,
    LoadReport,
    StatementRow,
    Status,
    dates,
    files,
    statements,
)
from herotill.integrations.netcash.live import SECONDS, Netcash
from herotill.links import hashed
from herotill.money import ZERO, rand

SERVICE = "netcash"
State, Line, Kind = CollectionBatch.State, CollectionLine.State, CollectionResult.Kind
TYPES = {"current": CURRENT, "savings": SAVINGS, "transmission": TRANSMISSION}
COLLECTED = frozenset({"TDD", "SDD", "TDC", "SDC", "DCS"})
UNPAID = frozenset({"DRU", "DCU", "DCX", "PNU", "PNQ"})
DISPUTED = frozenset({"DCD", "PND", "PNZ"})
RECEIPTS = frozenset({"PNC", "PNE", "PNP"})  # of Pay Now; the card slice knows which attempt each confirms
PAY_NOW = RECEIPTS | {"PNU", "PNQ", "PND", "PNZ", "PNR"}
SOON = 5.0  # seconds, where a person waits for no more than a word
REAL_HOSTS = (".netcash.co.za", ".sagepay.co.za")
# Netcash's own sample of an account number that passes.
SAMPLE = Debit("SAMPLE", "Sample", "Sample", CURRENT, "632005", "123456789", ZERO)
STATES = {
    Status.UNAUTHORISED: State.LOADED,
    Status.AUTHORISED: State.AUTHORISED,
    Status.LOCKED: State.AUTHORISED,
    Status.PROCESSED: State.AUTHORISED,  # the results come with the statement
    Status.NO_FUNDS: State.AUTHORISED,
}


class NetcashFiles(ABC):
    """Batches at Netcash, whatever is debited: the file, and its way there."""

    extension = "txt"
    carrier: Carrier | None

    def __init__(self) -> None:
        self.carrier = self

    @abstractmethod
    def debits(self, lines: Iterable[OutLine]) -> Iterator[Debit | CardDebit | Problem]:
        """What is debited for each of the lines, or why it cannot be."""

    # --- the file -----------------------------------------------------------------------------------

    def closed(self) -> str:
        return bank_services.closed(SERVICE)

    def account_id(self) -> int | None:
        return bank_services.service(SERVICE).account_id

    def earliest(self, now: datetime) -> date:
        one = bank_services.service(SERVICE)
        return dates.earliest(_local(now), **_rules(one))

    def takes(self, day: date) -> bool:
        return dates.collects_on(day, bank_services.service(SERVICE).instruction)

    def problems(self, bill: Bill, lines: Sequence[OutLine], now: datetime) -> Sequence[Problem]:
        return list(_problems(bill, lines, self.debits(lines)))

    def write(self, bill: Bill, lines: Iterable[OutLine]) -> bytes:
        instruction = bank_services.service(SERVICE).instruction
        debits = tuple(map(_sound, self.debits(lines)))
        return files.write(File(bill.name, bill.action_date, debits, instruction))

    def keyed(self, content: bytes) -> bytes:
        debit, _ = bank_services.keys(SERVICE)
        if not debit:
            raise DomainError("The service key for debit orders is missing; Setup, Debit-order service.")
        return files.with_key(content, debit).encode()

    # --- its way there ------------------------------------------------------------------------------

    def send(self, bill: Bill, lines: Sequence[OutLine], content: bytes, now: datetime) -> Sent:
        """Upload it, unless a batch of this name is there already."""
        client = _client()
        try:
            there = client.find(bill.name)
        except Uncertain as no:
            raise NotSent(str(no)) from no
        if there:
            return _as_it_stands(bill, there)
        return Sent(State.SENT, file_token=client.upload(self.keyed(content).decode()))

    def report(self, bill: Bill, now: datetime) -> Sent | None:
        client = _client()
        if not bill.file_token:
            return self.status(bill, now)
        found = client.report(bill.file_token)
        return _reported(bill, found, client) if found else None

    def authorise(self, bill: Bill, now: datetime) -> Sent:
        """Let it go, if it is there just as it was released."""
        client = _client()
        there = client.find(bill.name)
        if there is None:
            raise NotSent("Netcash has no batch of this name any more.", retry=False)
        if trouble := _differs(bill, there):
            raise NotSent(trouble, retry=False)
        if there.status == Status.UNAUTHORISED:
            client.authorise(there.guid)
            return Sent(State.AUTHORISED, bank_reference=there.guid)
        return _as_it_stands(bill, there)

    def status(self, bill: Bill, now: datetime) -> Sent | None:
        there = _client().find(bill.name)
        if there and there.status == Status.UNAUTHORISED and local_day(now) > bill.action_date:
            return Sent(
                State.REJECTED, trouble="Nobody authorised it before its date; Netcash did not debit it."
            )
        return _as_it_stands(bill, there) if there else None


class NetcashChannel(NetcashFiles):
    """Debit orders of bank accounts; its statement tells of everything that Netcash does for us."""

    name, title, method, order = SERVICE, "Netcash", "debit_order", 10

    def debits(self, lines: Iterable[OutLine]) -> Iterator[Debit | CardDebit | Problem]:
        return map(_debit, lines)

    def parse_results(self, content: bytes) -> Sequence[ResultRow]:
        told = statements.read(content.decode("utf-8-sig", "replace"))
        if told.trouble:
            raise DomainError(told.trouble)
        return list(_results(told.rows))

    def fetch(self, day: date | None) -> bytes | None:
        """The statement of a day, of today so far without one; none while it is not ready, empty with nothing new."""
        text = _client().statement(day)
        return None if text is None else text.encode()

    def test(self) -> Sequence[tuple[str, str]]:
        """Ask something harmless with each key: what was asked, and why it failed or nothing."""
        client = _client(SOON)
        return [
            ("Debit orders", _tried(client.batches)),
            ("Account", _tried(lambda: client.check_account(SAMPLE))),
        ]


def _tried(ask: Callable[[], object]) -> str:
    try:
        ask()
    except IntegrationError as trouble:
        return str(trouble)
    return ""


def _client(seconds: float = SECONDS) -> Netcash:
    """A client with our keys. Raises NotSent where it may not be called."""
    host = urlsplit(settings.NETCASH_URL).hostname or ""
    if not settings.DEMO and not host.endswith(REAL_HOSTS):
        raise NotSent("NETCASH_URL names a server that stands in; only the demo works with one.", retry=False)
    return Netcash(Keys(*bank_services.keys(SERVICE)), settings.NETCASH_URL, seconds=seconds)


def _local(now: datetime) -> datetime:
    return local(now).replace(tzinfo=None)


def _rules(one: BankService) -> dates.Rules:
    return {
        "instruction": one.instruction,
        "lead_days": one.lead_days,
        "cutoff_hour": one.cutoff_hour,
    }


def _debit(line: OutLine) -> Debit | Problem:
    if line.account is None:
        return Problem(line.pk, "Netcash debits bank accounts only.")
    return Debit(
        reference=line.reference,
        name=short(line.name),
        holder=short(line.account.holder),
        account_type=TYPES.get(line.account.account_type, ""),
        branch_code=line.account.branch_code,
        number=line.account.number,
        amount=line.amount,
        extras=extras(line),
    )


def extras(line: OutLine) -> tuple[str, str, str]:
    """What is to come back on the statement with a line."""
    return line.line_reference, line.reference, ""


def short(text: str) -> str:
    """A name as far as it fits; what is not seen stays, so that it is refused."""
    return text.strip(" ")[: files.LONGEST_NAME].strip(" ")


def _sound(debit: Debit | CardDebit | Problem) -> Debit | CardDebit:
    if isinstance(debit, Problem):
        raise DomainError(debit.text)
    return debit


def _problems(
    bill: Bill, lines: Sequence[OutLine], debits: Iterable[Debit | CardDebit | Problem]
) -> Iterator[Problem]:
    often = Counter(line.reference.casefold() for line in lines)
    if not files.is_plain(bill.name) or len(bill.name) > files.LONGEST_BATCH:
        yield Problem(None, "The name of the batch is too long or holds a control character.")
    for line, debit in zip(lines, debits, strict=True):
        if isinstance(debit, Problem):
            yield debit
        elif why := files.wrong(debit):
            yield Problem(line.pk, why[0].upper() + why[1:])
        elif often[line.reference.casefold()] > 1:
            yield Problem(line.pk, "The account reference stands in the file twice.")


def _as_it_stands(bill: Bill, there: BatchStatus) -> Sent:
    trouble = _differs(bill, there)
    if there.status == Status.NO_FUNDS:
        trouble = "Netcash says that there is not enough money for this batch."
    return Sent(STATES.get(there.status, State.LOADED), bank_reference=there.guid, trouble=trouble)


def _differs(bill: Bill, there: BatchStatus) -> str:
    """Whether Netcash would debit something else than what is on its way by our books."""
    ours = CollectionLine.objects.filter(batch=bill.pk, released=True)
    going = ours.exclude(state__in=[Line.WITHDRAWN, Line.REFUSED])
    sums = going.aggregate(lines=Count("pk"), total=Sum("amount", default=ZERO))
    if (sums["lines"], sums["total"]) == (there.volume, there.value):
        return ""
    return (
        f"Netcash holds {there.volume:,} debits of {rand(there.value)}, we have {sums['lines']:,} of"
        f" {rand(sums['total'])}. Look into it at Netcash before anything is authorised."
    )


def _reported(bill: Bill, report: LoadReport, client: Netcash) -> Sent:
    raw = report.raw.encode()
    ours = CollectionLine.objects.filter(batch=bill.pk, reference__in=list(report.lines))
    refused = [Problem(pk, report.lines[reference]) for pk, reference in ours.values_list("pk", "reference")]
    if not report.loaded:
        trouble = "; ".join(report.errors) or "Netcash refused the file."
        return Sent(State.REJECTED, bill.file_token, trouble=trouble, refused=refused, raw=raw)
    there = client.find(bill.name)
    guid = there.guid if there else ""
    trouble = f"Netcash refused {len(report.lines):,} of the lines; the others are loaded." if refused else ""
    return Sent(State.LOADED, bill.file_token, guid, trouble, refused, raw)


def _results(rows: Iterable[StatementRow]) -> Iterator[ResultRow]:
    nameless: Counter[str] = Counter()
    for row in rows:
        told_id = row.told_id
        if not told_id.strip("0"):
            content = hashed("\t".join((str(row.day), row.kind, row.text, str(row.amount), *row.extras)))
            nameless[content] += 1  # equal rows of a day are counted
            told_id = f"{content[:40]}-{nameless[content]}"
        yield _result(row, told_id[:60])


def _result(row: StatementRow, told_id: str) -> ResultRow:
    kind = _kind(row)
    ours = row.extras[0]
    return ResultRow(
        told_id=told_id,
        told_type=row.kind[:10],
        kind=kind,
        day=row.day,
        amount=row.amount if kind == Kind.OTHER else abs(row.amount),
        reference=_reference(row),
        code=f"{int(row.code):02}" if row.code else "",
        text=row.text.replace(ours, "…") if ours and row.kind in PAY_NOW else row.text,
        line_reference=ours if line_of(ours) is not None else "",
    )


def _kind(row: StatementRow) -> str:
    """What a row is to us; what moves the other way than its type says is left to a person."""
    if row.kind in COLLECTED | RECEIPTS:
        kind = Kind.COLLECTED if row.kind in COLLECTED else Kind.RECEIPT
        return str(kind if row.amount > 0 else Kind.OTHER)
    if row.kind in UNPAID | DISPUTED:
        kind = Kind.UNPAID if row.kind in UNPAID else Kind.DISPUTED
        return str(kind if row.amount < 0 else Kind.OTHER)
    return str(Kind.OTHER)


def _reference(row: StatementRow) -> str:
    """The account reference; of Pay Now the hash of what we gave along, which is a secret itself."""
    ours, second, _ = row.extras
    if row.kind in PAY_NOW:
        return hashed(ours)[:60] if ours else ""
    return (second if line_of(ours) is not None else ours)[:60]


netcash = NetcashChannel()
channels.register(netcash)
