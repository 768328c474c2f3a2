"""What gateways post to us: kept, answered at once, and booked once or not at all."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing.models import (
    BankAccount,
    CardAttempt,
    CardGateway,
    CardNotice,
    CollectionResult,
    Entry,
    Receipt,
    SuspensionCase,
)
from billing.services.cards import booking, gateways, lookups, notices, settling, statements
from herotill import links
from herotill.errors import DomainError
from herotill.secrets import decrypt
from tests.billing.cards.conftest import NOW, Payer, judge, make_gateway, start
from tests.factories.billing import make_invoice
from tests.factories.customers import make_customer
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("there", "payfast")]


NOTHING = (0, Decimal(0))


def booked() -> tuple[int, Decimal]:
    found = list(Receipt.objects.all())
    return len(found), sum((one.amount for one in found), Decimal(0))


def test_alice_pays_an_invoice_by_card(there):
    alice = make_customer("Alice Liddel", "ALI001")
    make_invoice(alice, "100.00")
    invoice = make_invoice(alice, "454.00")
    attempt = start(alice, document_id=invoice.pk)
    Payer(there, attempt).pays()

    attempt.refresh_from_db()
    receipt = Receipt.objects.get()
    assert (attempt.state, attempt.receipt, attempt.fee) == ("paid", receipt, Decimal("17.89"))
    assert (receipt.amount, receipt.names, receipt.method) == (Decimal("454.00"), invoice, "card")
    assert receipt.source_reference == attempt.gateway_reference
    assert Entry.objects.get(kind="receipt").amount == Decimal("-454.00")
    notice = CardNotice.objects.get()
    assert (notice.verified, notice.outcome, notice.attempt) == (True, "Booked.", attempt)


def test_a_notice_is_kept_encrypted_and_answered_before_it_is_judged(there, monkeypatch):
    monkeypatch.setattr(notices, "nudge", lambda name: None)
    payer = Payer(there, start(make_customer()))
    raw = payer.notice()
    assert payer.post(raw) == 200
    notice = CardNotice.objects.get()
    assert (notice.decided_at, notice.outcome, booked()) == (None, "", NOTHING)
    assert gateways.raw_of(notice) == raw
    with connection.cursor() as cursor:
        cursor.execute("SELECT n::text FROM billing_cardnotice n")
        assert "m_payment_id" not in cursor.fetchone()[0]


def test_an_address_that_is_none_is_refused_and_nothing_kept(there, client):
    payer = Payer(there, start(make_customer()))
    for path in ("/cards/notify/payfast/wrong/", payer.path.replace("payfast", "vcs")):
        assert client.post(path, data=payer.notice(), content_type="x").status_code == 403
    assert client.get(payer.path).status_code == 403
    assert not CardNotice.objects.exists()


def test_told_twice_late_and_in_the_wrong_order_it_is_booked_once(there):
    payer = Payer(there, start(make_customer()))
    assert payer.post(payer.notice("CANCELLED")) == 200
    judge()
    payer.pays()
    payer.pays()
    payer.post(payer.notice("CANCELLED"))
    judge()
    assert booked() == (1, Decimal("454.00"))
    payer.attempt.refresh_from_db()
    assert payer.attempt.state == "paid"
    outcomes = list(CardNotice.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["Cancelled.", "Booked.", "Told before.", "Told before."]


SPOILT = st.one_of(
    st.tuples(st.just("cut"), st.integers(1, 400), st.just(b"")),
    st.tuples(st.just("replace"), st.integers(0, 400), st.binary(min_size=1, max_size=3)),
    st.tuples(st.just("insert"), st.integers(0, 400), st.binary(min_size=1, max_size=20)),
    st.tuples(st.just("swap"), st.integers(0, 16), st.just(b"")),
    st.tuples(st.just("field"), st.integers(0, 3), st.just(b"")),
)


def spoil(raw: bytes, how: str, place: int, what: bytes) -> bytes:
    """A notice as somebody might have changed it."""
    if how == "cut":
        return raw[: -min(place, len(raw) - 1)]
    if how == "replace":
        place = min(place, len(raw) - 1)
        return raw[:place] + what + raw[place + len(what) :]
    if how == "insert":
        return raw[:place] + what + raw[place:]
    if how == "swap":
        parts = raw.split(b"&")
        place = min(place, len(parts) - 2)
        parts[place], parts[place + 1] = parts[place + 1], parts[place]
        return b"&".join(parts)
    return raw + (b"&amount_gross=9.00", b"&x=1", b"&signature=", b"&token=evil-token")[place]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=SPOILT)
@example(change=("replace", 10_000, b"\0"))
@example(change=("insert", 20, b"%00"))
def test_s01_a_notice_that_was_changed_never_books_a_cent(there, change):
    payer = Payer(there, start(make_customer()))
    raw = payer.notice()
    spoilt = spoil(raw, *change)
    if spoilt == raw:
        return
    payer.post(spoilt)
    judge()
    payer.attempt.refresh_from_db()
    assert (booked(), payer.attempt.state) == (NOTHING, "started")


def test_s01_forged_notices_and_the_way_back_book_nothing(there, client):
    payer = Payer(there, start(make_customer()))
    raw = payer.notice()
    there.sent.clear()
    payer.post(raw)
    judge()
    assert "did not send this" in CardNotice.objects.get().outcome
    client.get(f"/cards/back/{payer.attempt.reference}/")
    assert (booked(), CardAttempt.objects.get().state) == (NOTHING, "started")


def test_s01_a_stand_in_books_nothing_outside_the_demo(there, settings):
    settings.DEMO = False
    attempt = start(make_customer())
    Payer(there, attempt).pays()
    attempt.refresh_from_db()
    assert (booked(), attempt.state, attempt.says) == (NOTHING, "failed", settling.TEST)
    CardAttempt.objects.update(state="review")
    with pytest.raises(DomainError, match="test payment"):
        settling.confirm(
            attempt=attempt,
            amount=Decimal(5),
            day=NOW.date(),
            reason="x",
            actor=make_person("Bob"),
            now=NOW,
        )


def test_s01_payfast_without_a_passphrase_cannot_be_on(there, payfast):
    values = {"account": payfast.account_id, "is_on": True, "test_mode": False, "merchant": "1", "key": "k"}
    values["passphrase"] = ""
    bare = CardGateway(kind="payfast", name="PayFast", account=payfast.account)
    with pytest.raises(DomainError, match="cannot be on without a passphrase"):
        gateways.ask_for_change(row=bare, values=values, reason="New", actor=make_person("Bob"), now=NOW)
    CardGateway.objects.filter(pk=payfast.pk).update(is_on=False)
    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError, match="payfast_only_with_a_passphrase"),
    ):
        cursor.execute(
            "INSERT INTO billing_cardgateway (name, kind, account_id, is_on) VALUES ('x', 'payfast', %s, true)",
            [payfast.account_id],
        )


def test_another_amount_waits_for_a_person(there):
    alice, naledi = make_customer("Alice Liddel", "ALI001"), make_person("Naledi")
    payer = Payer(there, start(alice))
    payer.post(payer.notice(amount_gross="400.00"))
    judge()
    attempt = CardAttempt.objects.get()
    assert (attempt.state, attempt.says, booked()) == (
        "review",
        "Paid R 400.00, asked for R 454.00.",
        NOTHING,
    )
    settling.confirm(
        attempt=attempt,
        amount=Decimal("400.00"),
        day=NOW.date(),
        reason="Stands in PayFast's history",
        actor=naledi,
        now=NOW,
    )
    attempt.refresh_from_db()
    assert (attempt.state, booked(), attempt.receipt.captured_by) == (
        "paid",
        (1, Decimal("400.00")),
        naledi,
    )
    with pytest.raises(DomainError, match="waits for nobody"):
        settling.refuse(attempt=attempt, reason="no", actor=naledi, now=NOW)


def test_paid_a_second_time_is_a_payment_of_its_own(there):
    payer = Payer(there, start(make_customer()))
    payer.pays()
    payer.paid.number += 1
    payer.pays()
    first, second = CardAttempt.objects.order_by("pk")
    assert (booked()[0], first.state, second.state, second.amount) == (
        1,
        "paid",
        "review",
        Decimal("454.00"),
    )


def test_money_of_nobody_we_know_is_named_by_a_person(there):
    bob = make_customer("Bob Bester", "BOB001")
    payer = Payer(there, start(make_customer()))
    payer.post(payer.notice(m_payment_id="Celsewhere"))
    judge()
    notice = CardNotice.objects.get()
    assert (notice.verified, notice.attempt, notice.outcome) == (True, None, settling.UNKNOWN)
    made = settling.name_payer(notice=notice, customer=bob, now=NOW)
    assert (made.state, made.customer, made.amount) == ("review", bob, Decimal("454.00"))
    with pytest.raises(DomainError):
        settling.name_payer(notice=notice, customer=bob, now=NOW)


def test_a_notice_waits_while_payfast_cannot_be_asked(there):
    payer = Payer(there, start(make_customer()))
    there.trouble.extend([503, 503])
    payer.post(payer.notice())
    notices.judge(pk=CardNotice.objects.get().pk, now=NOW)
    notice = CardNotice.objects.get()
    assert (notice.decided_at, notice.tries >= 1, booked()) == (None, True, NOTHING)
    there.trouble.clear()
    CardNotice.objects.update(next_try_at=NOW)
    judge()
    assert booked() == (1, Decimal("454.00"))


def test_s15_declined_after_it_was_accepted_is_reversed(there):
    alice = make_customer("Alice Liddel", "ALI001")
    invoice = make_invoice(alice, "454.00")
    payer = Payer(there, start(alice, document_id=invoice.pk))
    payer.pays()
    payer.post(payer.notice("FAILED"))
    judge()
    payer.attempt.refresh_from_db()
    assert payer.attempt.state == "reversed"
    assert payer.attempt.receipt.reversal.reason == "Declined after it was accepted."
    assert Entry.objects.get(kind="invoice").open_item.open == Decimal("454.00")
    with pytest.raises(DomainError, match="no receipt"):
        booking.reverse(attempt=payer.attempt, why="again", actor=None, now=NOW)


def test_s15_a_dispute_reverses_as_an_unpaid_does(there):
    payer = Payer(there, start(make_customer()))
    payer.pays()
    booking.reverse(attempt=payer.attempt, why="Not mine, says the holder", actor=None, now=NOW, code="86")
    payer.attempt.refresh_from_db()
    assert (payer.attempt.state, payer.attempt.receipt.reversal.code) == ("reversed", "86")


def test_what_no_notice_came_for_is_found_in_the_history(there):
    payer = Payer(there, start(make_customer()))
    other = start(make_customer("Bob Bester", "BOB001"))
    payer.paid.done = "COMPLETE"
    lookups.look_up_due(NOW + timedelta(minutes=5))
    assert booked() == NOTHING
    lookups.look_up_due(NOW + timedelta(minutes=20))
    assert booked() == (1, Decimal("454.00"))
    lookups.look_up_due(NOW + timedelta(days=3))
    other.refresh_from_db()
    assert (other.state, other.says) == ("cancelled", lookups.NOT_FINISHED)
    Payer(there, other).pays()
    assert booked()[0] == 2


@pytest.mark.parametrize("kind", ["paynow", "vcs"])
def test_s01_an_unsigned_notice_is_reported_and_pauses_once(there, payfast, kind, client):
    gateways.switch_off(row=payfast)
    bank = make_gateway(kind)
    carol = make_customer("Carol Petersen", "CAR001")
    case = SuspensionCase.objects.create(
        customer=carol, state="warned", opened_on=NOW.date(), counts_from=NOW.date(), overdue=454
    )
    attempt = start(carol)
    words = {
        "paynow": "TransactionAccepted=true&Reason=ok&Reference={ref}&Amount=454.00&Extra1={proof}&RequestTrace=T1",
        "vcs": "p2={ref}&p3=123456APPROVED&p6=454.00&m_1={proof}&Uti=T1",
    }[kind]
    address = gateways.new_address(row=bank)
    path = address.partition("://")[2].partition("/")[2]

    def post(proof: str) -> None:
        raw = words.format(ref=attempt.reference, proof=proof)
        content = "application/x-www-form-urlencoded"
        assert client.post(f"/{path}", data=raw, content_type=content).status_code == 200
        judge()
        attempt.refresh_from_db()

    post("guessed")
    assert attempt.state == "started"
    proof = attempts_proof(attempt)
    post(proof)
    case.refresh_from_db()
    assert (attempt.state, booked()) == ("reported", NOTHING)
    assert case.reported_until is not None
    until = case.reported_until
    post(proof)
    case.refresh_from_db()
    assert (case.reported_until, attempt.state) == (until, "reported")
    settling.by_statement(
        reference=attempt.reference,
        amount=Decimal("454.00"),
        day=NOW.date() + timedelta(days=1),
        told_id="PNC-1",
        actor=None,
        now=NOW,
    )
    attempt.refresh_from_db()
    assert (attempt.state, booked()) == ("paid", (1, Decimal("454.00")))


def attempts_proof(attempt: CardAttempt) -> str:
    from billing.services.cards.attempts import proof_of

    proof = proof_of(attempt.reference)
    assert links.known(attempt.proof_hash, proof)
    return proof


def test_a_row_of_a_statement_books_nothing_else(there, payfast):
    attempt = start(make_customer())
    given = {"day": NOW.date(), "told_id": "P1", "actor": None, "now": NOW}
    asked = ((attempt.reference, "454.00"), ("CNONE", "454.00"), (attempt.reference, "1.00"))
    assert [settling.by_statement(reference=r, amount=Decimal(a), **given) for r, a in asked] == [None] * 3
    assert booked() == NOTHING


def test_s25_no_canary_stands_anywhere_in_the_clear(there, caplog):
    alice = make_customer("Alice Liddel", "ALI001")
    payer = Payer(there, start(alice, keep_card=True))
    payer.paid.token = "canary-token-4711"
    payer.paid.fields["name_last"] = "canary-raw-0815"
    payer.post(payer.notice())
    judge()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        names = [row[0] for row in cursor.fetchall()]
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}" t WHERE t::text LIKE %s', ["%canary-%"])
            assert cursor.fetchone()[0] == 0, name
    assert "canary-" not in caplog.text
    assert decrypt(alice.cards.get().token.token) == "canary-token-4711"


@pytest.mark.django_db(transaction=True)
def test_twenty_of_the_same_notice_at_once_book_once(there, monkeypatch):
    monkeypatch.setattr(notices, "nudge", lambda name: None)
    payer = Payer(there, start(make_customer()))
    raw = payer.notice()
    there.sent.add(raw.decode().rpartition("&signature=")[0])
    for _ in range(20):
        notices.take(
            kind="payfast",
            token=payer.path.rstrip("/").rpartition("/")[2],
            raw=raw,
            came_from="127.0.0.1",
            now=NOW,
        )

    def judged(pk: int) -> None:
        notices.judge(pk=pk, now=NOW)
        connection.close()

    threads = [Thread(target=judged, args=(pk,)) for pk in CardNotice.objects.values_list("pk", flat=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert booked() == (1, Decimal("454.00"))


def test_s01_a_row_of_the_statement_confirms_what_was_reported_and_one_that_came_back_reverses_it(payfast):
    gateways.switch_off(row=payfast)
    make_gateway("paynow")
    attempt = start(make_customer())
    given = {"channel": "netcash", "day": NOW.date(), "reference": attempt.proof_hash[:60]}
    back = CollectionResult.objects.create(
        told_id="2", told_type="PND", kind="disputed", amount=454, trouble="No line", **given
    )
    statements.settle(NOW)
    row = CollectionResult.objects.create(
        told_id="1", told_type="PNC", kind="receipt", amount=454, trouble="Other money", **given
    )
    other = CollectionResult.objects.create(
        told_id="3", told_type="PNC", kind="receipt", amount=10, trouble="Other money", **given
    )
    assert booked() == NOTHING
    assert statements.settle(NOW) == "1 card payments settled by the statement."
    assert booked() == (1, Decimal("454.00"))
    statements.settle(NOW)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.gateway_reference) == ("reversed", "1")
    for one, is_booked in ((row, True), (back, True), (other, False)):
        one.refresh_from_db()
        assert (one.booked_at is not None) is is_booked


def test_money_that_cannot_be_booked_waits_for_a_person_and_holds_nobody_up(there, payfast):
    BankAccount.objects.filter(pk=payfast.account_id).update(starts_on=NOW.date() + timedelta(days=9_000))
    first, second = (Payer(there, start(make_customer())) for _ in range(2))
    first.pays()
    first.attempt.refresh_from_db()
    assert (first.attempt.state, booked()) == ("review", NOTHING)
    assert "could not be booked" in CardNotice.objects.get().outcome
    BankAccount.objects.filter(pk=payfast.account_id).update(starts_on=None)
    second.pays()
    assert booked()[0] == 1


def test_a_reference_of_the_gateways_belongs_to_one_payment(there):
    first, second = (Payer(there, start(make_customer())) for _ in range(2))
    first.pays()
    second.paid.number = first.paid.number
    second.post(second.notice(amount_gross="1.00"))
    judge()
    second.attempt.refresh_from_db()
    assert (second.attempt.state, booked()[0]) == ("started", 1)
