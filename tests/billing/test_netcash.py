"""Debit orders by Netcash, all the way: built, released, sent, loaded, authorised, told, booked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from billing.channels.netcash import netcash
from billing.models import (
    BankAccount,
    BankService,
    BatchFile,
    CollectionBatch,
    CollectionLine,
    CollectionResult,
    Mandate,
    Receipt,
    ResultStatement,
)
from billing.services import batches, result_statements
from customers.models import CustomerBalance
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.http import NotSent, Uncertain
from herotill.integrations.netcash import files
from herotill.integrations.netcash.bureau import Bureau
from herotill.integrations.netcash.standin import KEYS, NetcashStandIn
from herotill.models import Run
from tests.factories.collecting import NOW, RUN, make_batch, make_group, make_payer
from tests.factories.netcash import judged, service_with_keys
from tests.factories.people import make_person
from tests.power import gone_at

pytestmark = [pytest.mark.django_db, pytest.mark.money]


class Clock:
    """What time it is, here and at the bureau."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return timezone.localtime(self.now).replace(tzinfo=None)

    def on(self, day: str) -> datetime:
        self.now = datetime.fromisoformat(f"{day}T09:00:00+02:00")
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def there(clock: Clock, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[NetcashStandIn]:
    settings.OUTBOUND_ALLOW, settings.DEMO = ["127.0.0.1"], True
    monkeypatch.setattr("herotill.integrations.netcash.live.WAITS", (0.0, 0.0))
    monkeypatch.setattr("herotill.integrations.netcash.live.SECONDS", 0.5)
    account = BankAccount.objects.create(name="Netcash", kind="gateway", source="batch")
    service_with_keys(account=account)
    with NetcashStandIn(Bureau(now=clock, check=judged)) as found:
        settings.NETCASH_URL = found.url
        yield found


@pytest.fixture
def batch(there: NetcashStandIn) -> CollectionBatch:
    """Alice's 454 and Bob's 100, released by Zoe."""
    group = make_group()
    make_payer("ALI001", group, "454.00")
    make_payer("BOB001", group, "100.00")
    made = make_batch(group, actor=make_person("Mary"), channel="netcash")
    assert made.problems == []
    return batches.release(batch=made, actor=make_person("Zoe"), now=NOW)


def sent(batch: CollectionBatch) -> CollectionBatch:
    return batches.send(batch=batch, actor=None, now=NOW)


def loaded(batch: CollectionBatch) -> CollectionBatch:
    for _ in range(3):
        batch = batches.ask(batch=batch, actor=None, now=NOW)
    return batch


def authorised(batch: CollectionBatch) -> CollectionBatch:
    return batches.authorise(batch=loaded(sent(batch)), actor=make_person("Thandi"), now=NOW)


def fetched(day: str, now: datetime) -> ResultStatement:
    run = result_statements.fetch(channel="netcash", day=date.fromisoformat(day), actor=None, now=now)
    assert run is not None
    return worked(run)


def worked(run: Run) -> ResultStatement:
    from herotill import runs

    runs.work(run.pk)
    return ResultStatement.objects.get(run=run)


def balances() -> dict[str, str]:
    return {one.customer.code: str(one.amount) for one in CustomerBalance.objects.select_related("customer")}


def test_a_batch_goes_the_whole_way(batch: CollectionBatch, there: NetcashStandIn, clock: Clock) -> None:
    there.bureau.unpaids["BOB001"] = ("02", 2)
    batch = sent(batch)
    assert (batch.state, bool(batch.file_token), batch.lines) == ("sent", True, 2)
    assert batches.ask(batch=batch, actor=None, now=NOW).state == "sent"
    batch = loaded(batch)
    assert (batch.state, batch.trouble) == ("loaded", "")
    batch = batches.authorise(batch=batch, actor=make_person("Thandi"), now=NOW)
    assert (batch.state, batch.bank_reference) == ("authorised", there.bureau.batches[0].guid)

    statement = fetched("2018-08-27", clock.on("2018-08-28"))
    assert (statement.state, statement.rows, statement.known) == ("booked", 4, 0)
    assert balances() == {"ALI001": "0.00", "BOB001": "0.00"}
    assert CollectionResult.objects.filter(kind="other", told_type__in=["NSF", "VAT"]).count() == 2
    fetched("2018-08-29", clock.on("2018-08-30"))
    assert balances() == {"ALI001": "0.00", "BOB001": "100.00"}
    bob = CollectionLine.objects.get(reference="BOB001")
    assert (bob.state, bob.result_code) == ("unpaid", "02")


def test_an_unpaid_after_forty_days_and_the_same_statements_again_book_right(
    batch: CollectionBatch, there: NetcashStandIn, clock: Clock
) -> None:
    there.bureau.unpaids["BOB001"] = ("30", 28)
    authorised(batch)
    now = clock.on("2018-10-20")
    back = there.bureau.statement(date(2018, 10, 5))
    assert "Code:30" in back
    told = there.bureau.statement(RUN)
    first, *others = told.split("\r\n")
    parts = [told, "\r\n".join([first, *others[:2]]), "\r\n".join(others[1:]), told + "\r\n" + back, back]
    for number, part in enumerate(parts):
        run = result_statements.receive(
            channel="netcash", name=f"part{number}.txt", data=part.encode(), actor=None
        )
        assert worked(run).state == "booked"
    assert (Receipt.objects.count(), balances()) == (2, {"ALI001": "0.00", "BOB001": "100.00"})
    assert Mandate.objects.get(customer__code="BOB001").status == "blocked"
    assert fetched("2018-08-27", now).known == 4


def test_one_bad_line_rejects_the_batch_and_frees_what_it_held(
    batch: CollectionBatch, there: NetcashStandIn
) -> None:
    there.bureau.check = lambda kind, number, branch: False
    batch = loaded_or_rejected(sent(batch))
    assert (batch.state, batch.trouble) == ("rejected", "Netcash refused the file.")
    lines = CollectionLine.objects.values_list("state", "withdrawn_why")
    assert set(lines) == {("refused", "Account number failed CDV")}
    assert not CollectionLine.objects.filter(entries__live=True).exists()
    report = BatchFile.objects.get(kind="report")
    assert b"Account number failed CDV" in batches.contents(report)


def loaded_or_rejected(batch: CollectionBatch) -> CollectionBatch:
    for _ in range(2):
        batch = batches.ask(batch=batch, actor=None, now=NOW)
    return batch


def test_with_ignore_errors_the_refused_line_goes_back_to_a_person(
    batch: CollectionBatch, there: NetcashStandIn
) -> None:
    there.bureau.takes_good_lines = True
    answers = iter([False, True])
    there.bureau.check = lambda kind, number, branch: next(answers)
    batch = loaded_or_rejected(sent(batch))
    assert (batch.state, "refused 1 of the lines" in batch.trouble) == ("loaded", True)
    assert dict(CollectionLine.objects.values_list("reference", "state")) == {
        "ALI001": "refused",
        "BOB001": "sent",
    }
    batch = batches.authorise(batch=batch, actor=make_person("Thandi"), now=NOW)
    assert batch.state == "authorised"


def test_a_refused_key_leaves_the_batch_to_be_sent_again(
    batch: CollectionBatch, there: NetcashStandIn
) -> None:
    there.say("100")
    with pytest.raises(NotSent, match="does not accept the service key"):
        sent(batch)
    batch.refresh_from_db()
    assert (batch.state, batch.sent_at) == ("released", None)
    assert "service key" in batch.trouble
    assert sent(batch).state == "sent"


@pytest.mark.parametrize("trouble", ["dropped", "503", "200"])
def test_what_may_have_arrived_is_looked_up_and_never_sent_twice(
    batch: CollectionBatch, there: NetcashStandIn, trouble: str
) -> None:
    """The look-up before comes through; then the upload itself."""
    upload = there.bureau.take

    def failing(text: str) -> str:
        there.bureau.take = upload  # type: ignore[method-assign]
        if trouble == "dropped":
            upload(text)
        return "200"

    there.bureau.take = failing  # type: ignore[method-assign]
    if trouble == "503":
        there.bureau.take = upload  # type: ignore[method-assign]
        there.answer = only_uploads_fail(there)  # type: ignore[method-assign]
    with pytest.raises(Uncertain):
        sent(batch)
    batch.refresh_from_db()
    assert (batch.state, batch.sent_at is not None) == ("released", True)
    assert "looked up before anything is sent again" in batch.trouble
    with pytest.raises(DomainError, match="send it again from"):
        sent(batch)
    someone = make_person("Someone")
    for deed in (batches.take_back, batches.cancel):
        with pytest.raises(DomainError, match="may have reached the bank"):
            deed(batch=batch, why="Wrong", actor=someone)

    there.__dict__.pop("answer", None)
    arrived = trouble == "dropped"
    batches.ask_all(NOW + timedelta(minutes=5))
    batch.refresh_from_db()
    assert batch.state == ("loaded" if arrived else "released")
    if not arrived:
        assert "does not know this batch" in batch.trouble
        again = batches.send(batch=batch, actor=None, now=NOW + timedelta(minutes=31))
        assert again.state == "sent"
    assert there.methods().count("BatchFileUpload") == (1 if arrived else 2)
    assert len(there.bureau.batches) == 1


def only_uploads_fail(there: NetcashStandIn) -> Any:
    usual = there.answer

    def answer(method: str, path: str, query: dict[str, str], body: Any) -> Any:
        return (503, None) if body[0] == "BatchFileUpload" else usual(method, path, query, body)

    return answer


def test_a_person_who_asks_again_adopts_what_is_there(batch: CollectionBatch, there: NetcashStandIn) -> None:
    there.bureau.take(netcash.keyed(netcash.write(batches.bill(batch), batches.out_lines(batch))).decode())
    assert sent(batch).state == "loaded"
    assert "BatchFileUpload" not in there.methods()


def test_what_differs_there_is_not_authorised(batch: CollectionBatch, there: NetcashStandIn) -> None:
    batch = loaded(sent(batch))
    there.bureau.batches[0].debits[0].cents += 1
    with pytest.raises(NotSent, match=r"2 debits of R 554[.]01, we have 2 of R 554[.]00"):
        batches.authorise(batch=batch, actor=make_person("Thandi"), now=NOW)
    assert there.bureau.batches[0].status == 1


def test_what_nobody_authorised_before_its_date_is_free_again(
    batch: CollectionBatch, there: NetcashStandIn
) -> None:
    batch = loaded(sent(batch))
    assert batches.ask(batch=batch, actor=None, now=NOW + timedelta(days=5)).state == "loaded"
    late = batches.ask(batch=batch, actor=None, now=NOW + timedelta(days=6))
    assert (late.state, "Nobody authorised it" in late.trouble) == ("rejected", True)
    assert not CollectionLine.objects.filter(entries__live=True).exists()


def test_s18_a_missed_cut_off_goes_back_to_a_person(batch: CollectionBatch, there: NetcashStandIn) -> None:
    late = NOW + timedelta(hours=13)
    with pytest.raises(
        DomainError, match="too late for 2018-08-27; the first date still taken is 2018-08-28"
    ):
        batches.send(batch=batch, actor=None, now=late)
    batch.refresh_from_db()
    assert (batch.state, batch.action_date, there.calls) == ("released", RUN, [])


def test_s25_what_is_kept_is_encrypted_and_holds_no_key(
    batch: CollectionBatch, there: NetcashStandIn, clock: Clock, settings: Any
) -> None:
    authorised(batch)
    fetched("2018-08-27", clock.on("2018-08-28"))
    from django.core.files.storage import default_storage

    kept = BatchFile.objects.get(kind="sent")
    paths = [kept.path, ResultStatement.objects.get().path]
    for path in paths:
        with default_storage.open(path) as stored:
            assert not any(
                plain in stored.read() for plain in (KEYS.debit.encode(), b"4052601815", b"ALI001")
            )
    content = batches.contents(kept)
    assert KEYS.debit.encode() not in content
    assert [one.reference for one in files.read(content).debits] == ["ALI001", "BOB001"]

    settings.FIELD_ENCRYPTION_KEYS = ["a new key of the house", *settings.FIELD_ENCRYPTION_KEYS]
    assert list(result_statements.renewals()) == [1]
    assert list(result_statements.renewals()) == [0]
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]
    assert b"TDD" in result_statements.contents(ResultStatement.objects.get())


def test_a_statement_that_does_not_add_up_is_not_taken_in(there: NetcashStandIn, clock: Clock) -> None:
    told = there.bureau.statement(RUN).replace("Closing balance\t0.00", "Closing balance\t1.00")
    with pytest.raises(DomainError, match="missing or was changed"):
        result_statements.receive(channel="netcash", name="a.txt", data=told.encode(), actor=None)
    assert not ResultStatement.objects.exists()
    with pytest.raises(DomainError, match="too few columns"):
        result_statements.receive(channel="netcash", name="a.txt", data=b"PK\x03\x04 something", actor=None)


def test_the_job_fetches_each_day_once_and_goes_on_where_it_failed(
    batch: CollectionBatch, there: NetcashStandIn, clock: Clock
) -> None:
    authorised(batch)
    now = clock.on("2018-08-30")
    there.bureau.polls = 99
    assert "not made the statement ready" in result_statements.fetch_missing(now)
    there.bureau.polls = 1
    assert result_statements.missing("netcash", now) == [date(2018, 8, day) for day in (27, 28, 29)]
    assert result_statements.fetch_missing(now) == "3 days fetched."
    assert result_statements.missing("netcash", now) == []
    assert result_statements.fetch_missing(now) == ""
    early = datetime.fromisoformat("2018-08-31T08:29:00+02:00")
    assert result_statements.missing("netcash", early) == []


def test_a_statement_is_kept_and_begun_to_be_booked_or_its_day_is_still_missing(
    batch: CollectionBatch, there: NetcashStandIn, clock: Clock
) -> None:
    authorised(batch)
    now = clock.on("2018-08-28")
    with gone_at('INSERT INTO "house_run"'):
        result_statements.fetch_missing(now)
    assert result_statements.missing("netcash", now) == [RUN]
    assert not ResultStatement.objects.exists()
    assert result_statements.fetch_missing(now) == "1 days fetched."
    assert worked(Run.objects.get(kind=result_statements.RUN)).state == "booked"
    assert sorted(str(one.amount) for one in Receipt.objects.all()) == ["100.00", "454.00"]


def test_a_day_to_come_and_a_service_that_is_off_tell_nothing(there: NetcashStandIn) -> None:
    with pytest.raises(DomainError, match="not come yet"):
        result_statements.fetch(channel="netcash", day=RUN, actor=None, now=NOW)
    there.say("6366202611250001", "NO CHANGE")
    assert result_statements.fetch(channel="netcash", day=NOW.date(), actor=None, now=NOW) is None
    there.bureau.polls = 99
    with pytest.raises(IntegrationError, match="Ask again later"):
        result_statements.fetch(channel="netcash", day=NOW.date(), actor=None, now=NOW)
    BankService.objects.update(is_on=False)
    with pytest.raises(DomainError, match="switched off"):
        result_statements.fetch(channel="netcash", day=NOW.date(), actor=None, now=NOW)


ROWS = {
    "TDD": ("collected", "+"),
    "SDD": ("collected", "+"),
    "DRU": ("unpaid", "-"),
    "DCD": ("disputed", "-"),
    "PNC": ("receipt", "+"),
    "PNE": ("receipt", "+"),
    "PNU": ("unpaid", "-"),
    "PND": ("disputed", "-"),
    "NSF": ("other", "-"),
    "VAT": ("other", "-"),
    "BTR": ("other", "-"),
    "XYZ": ("other", "+"),
}


@pytest.mark.parametrize("kind", ROWS)
def test_every_row_has_a_name(kind: str) -> None:
    what, sign = ROWS[kind]
    line = "\t".join(["20180827", kind, "77", "Some text - Code:2", "10.00", sign, "", "HT5", "ALI001", ""])
    [row] = netcash.parse_results(line.encode())
    assert (row.kind, row.told_id, row.told_type, row.code) == (what, "77", kind, "02")
    assert row.amount == (Decimal("-10.00") if what == "other" and sign == "-" else Decimal("10.00"))
    other_way = line.replace(f"\t{sign}\t", "\t-\t" if sign == "+" else "\t+\t")
    assert netcash.parse_results(other_way.encode())[0].kind == "other"


def test_s07_the_secret_of_a_card_payment_is_not_kept() -> None:
    line = "\t".join(["20180827", "PNC", "77", "Card s3cret-word", "10.00", "+", "", "s3cret-word", "", ""])
    [row] = netcash.parse_results(line.encode())
    assert "s3cret-word" not in repr(row)
    assert (len(row.reference), row.line_reference) == (60, "")


def test_equal_rows_without_a_number_are_counted() -> None:
    line = "\t".join(["20180827", "NSF", "", "Fee", "10.00", "-"])
    first = [row.told_id for row in netcash.parse_results(f"{line}\n{line}".encode())]
    again = [row.told_id for row in netcash.parse_results(f"{line}\n{line}\n{line}".encode())]
    assert (len(set(again)), again[:2]) == (3, first)
