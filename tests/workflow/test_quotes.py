"""Quotes: drafts and their sums, what is sent stands, versions, and what becomes of those nobody answers."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from billing.models import BillingProfile
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.services import sending as posting
from herotill.models import AuditEvent, Fact
from herotill.reference.models import PriceList
from herotill.search import find
from tests.factories import make_customer, make_person
from tests.factories.products import make_price, make_product
from tests.factories.workflow import NOON, accept, link_of, make_lead, make_quote, sold
from workflow.gates import Gate, gates
from workflow.models import Acceptance, DeclineReason, LostReason, Quote, QuoteLine, SalesRules, Survey
from workflow.selectors import quotes as reading
from workflow.selectors.missing import missing
from workflow.services import lead_blanking, moving, quotes
from workflow.services.quotes import papers, sending

pytestmark = pytest.mark.django_db
State = Quote.State
DAY = timedelta(days=1)


@pytest.fixture
def alice():
    return make_lead("Alice Liddel", email="alice@isp.example", step_id="quote-new", town="Prince Albert")


def posted(now=NOON):
    """Send what waits; the last mail."""
    posting.send_mail(now + timedelta(minutes=1))
    return mail.outbox[-1]


def words_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_a_draft_adds_up_once_and_monthly_apart(alice):
    quote = make_quote(alice, sent=False)

    assert (quote.name, quote.state, quote.recipient) == ("QUO00001", "draft", "alice@isp.example")
    assert (quote.once, quote.monthly) == (Decimal("1500.00"), Decimal("454.00"))
    assert (quote.monthly_excl, quote.monthly_vat) == (Decimal("394.78"), Decimal("59.22"))
    line = quote.lines.get(monthly=True)
    quotes.change_line(
        line=line, text="Faster", quantity=2, price=line.price, discount=Decimal(0), most=Decimal(0)
    )
    quotes.remove_line(line=quote.lines.get(monthly=False))
    quote.refresh_from_db()
    assert (quote.once, quote.monthly) == (Decimal("0.00"), Decimal("908.00"))


def test_prices_are_those_of_the_day_and_of_the_customers_list(alice):
    product = make_product("FIB50", "800.00")
    make_price(product, "900.00", (NOON + DAY).date())
    friends = PriceList.objects.create(name="Friends")
    make_price(product, "700.00", price_list=friends)
    bob = make_customer("Bob Marsh", "BOB001")
    BillingProfile.objects.update_or_create(customer=bob, defaults={"price_list": friends})

    def priced(**whom):
        now = whom.pop("now", NOON)
        return quotes.add_line(
            quote=quotes.begin(**whom, actor=None, now=now), product=product, monthly=True
        ).price

    carol = make_lead("Carol Petersen")
    assert priced(lead=alice) == Decimal("800.00")
    assert priced(lead=carol, now=NOON + DAY) == Decimal("900.00")
    assert priced(customer=bob) == Decimal("700.00")
    free = make_product("MAST", None)
    with pytest.raises(DomainError, match="has no price on 2018-08-22"):
        quotes.add_line(quote=Quote.objects.get(lead=alice), product=free, monthly=False)


def test_nobody_goes_further_below_the_list_than_they_may(alice):
    quote, product = quotes.begin(lead=alice, actor=None, now=NOON), sold("UNC10", "454.00")
    ten = Decimal(10)

    line = quotes.add_line(quote=quote, product=product, monthly=True, discount=ten, most=ten)
    assert line.incl == Decimal("408.60")
    with pytest.raises(DomainError, match=r"10.01 % below the list; you may give up to 10 %"):
        quotes.add_line(quote=quote, product=product, monthly=True, discount=Decimal("10.01"), most=ten)
    with pytest.raises(DomainError, match="you may give none"):
        quotes.add_line(quote=quote, product=product, monthly=True, price=Decimal("453.00"))
    with pytest.raises(DomainError, match="below the list"):
        quotes.change_line(line=line, text="x", quantity=1, price=Decimal("420.00"), discount=ten, most=ten)
    dear = quotes.change_line(
        line=line, text="x", quantity=1, price=Decimal("500.00"), discount=Decimal(0), most=Decimal(0)
    )
    assert dear.incl == Decimal("500.00")


def test_what_the_survey_costs_more_is_offered_with_its_vat(alice):
    Survey.objects.create(
        lead=alice, state="done", outcome="extra", cost=Decimal("1150.00"), extra="Mast", done_at=NOON
    )
    quote, product = make_quote(alice, sent=False), make_product("WORK", None, price_includes_vat=False)

    survey = reading.extra_of(quote)
    line = quotes.add_survey_cost(quote=quote, product=product, text=survey.extra, cost=survey.cost)
    assert (line.price, line.incl, line.list_price) == (
        Decimal("1000.00"),
        Decimal("1150.00"),
        Decimal("1000.00"),
    )


def test_what_the_survey_costs_is_offered_once_and_as_far_below_it_as_one_may_go(alice):
    Survey.objects.create(
        lead=alice, state="done", outcome="extra", cost=Decimal("500.00"), extra="Mast", done_at=NOON
    )
    quote, product = make_quote(alice, sent=False), make_product("WORK", "2500.00")
    offered = {"quote": quote, "product": product, "text": "Mast"}
    with pytest.raises(DomainError, match="you may give none"):
        quotes.add_survey_cost(**offered, cost=Decimal("1.00"))
    line = quotes.add_survey_cost(**offered, cost=Decimal("450.00"), most=Decimal(10))
    with pytest.raises(DomainError, match="below"):
        quotes.change_line(
            line=line, text="Mast", quantity=1, price=Decimal("0.01"), discount=Decimal(0), most=Decimal(10)
        )
    with pytest.raises(DomainError, match="no cost that this quote does not name yet"):
        quotes.add_survey_cost(**offered, cost=Decimal("500.00"))
    assert reading.moved_prices(quote, reading.lines(quote), NOON.date()) == []


def test_numbers_follow_on_and_a_lead_has_one_draft(alice):
    first, second = (
        make_quote(alice, sent=False),
        make_quote(customer=make_customer("Bob Marsh", "BOB001"), sent=False),
    )

    assert (first.number, second.number) == (1, 2)
    with pytest.raises(DomainError, match="QUO00001 is a draft for Alice Liddel already"):
        quotes.begin(lead=alice, actor=None, now=NOON)


def test_nothing_is_quoted_to_who_is_lost(alice):
    make_quote(alice)
    LostReason.objects.get_or_create(name="Too expensive")
    moved = alice.__class__.objects.filter(pk=alice.pk)
    moved.update(lost_reason=LostReason.objects.first())
    moving.move(leads=[alice.pk], to="lost", actor=None, now=NOON)

    assert Quote.objects.get().state == State.WITHDRAWN
    alice.refresh_from_db()
    with pytest.raises(DomainError, match="bring the lead back first"):
        quotes.begin(lead=alice, actor=None, now=NOON)


def test_sending_freezes_mails_a_link_and_moves_the_lead(alice):
    SalesRules.objects.update(terms="Pay on the first.\nNo refunds.", quote_days=30)
    quote = make_quote(alice)

    assert (quote.state, str(quote.expires_on), quote.terms) == (
        "sent",
        "2018-09-21",
        "Pay on the first.\nNo refunds.",
    )
    assert quote.pdf_sha256 == hashlib.sha256(bytes(quote.pdf)).hexdigest()
    alice.refresh_from_db()
    assert alice.place == "quote-sent"
    shown = words_of(bytes(quote.pdf))
    for told in (
        "QUO00001",
        "Alice Liddel",
        "Prince Albert",
        "R 1,500.00",
        "R 454.00",
        "2018-09-21",
        "No refunds.",
    ):
        assert told in shown, told
    letter = posted()
    assert letter.to == ["alice@isp.example"]
    assert f"/quotes/{link_of(quote)}/" in letter.body


def test_nothing_goes_out_empty_or_to_nowhere(alice):
    quote = quotes.begin(lead=alice, actor=None, now=NOON)
    with pytest.raises(DomainError, match="nothing on it yet"):
        quotes.send(quote=quote, to="alice@isp.example", actor=None, now=NOON)
    quotes.add_line(quote=quote, product=sold("UNC10", "454.00"), monthly=True)
    with pytest.raises(DomainError, match="email address"):
        quotes.send(quote=quote, to="alice", actor=None, now=NOON)
    assert not Message.objects.exists()


def test_the_same_data_give_the_same_paper(alice):
    quote = make_quote(alice)
    ours = papers.letterheads.current()
    assert papers.render(quote.snapshot, ours) == bytes(quote.pdf)
    assert "DRAFT" in words_of(
        papers.preview(make_quote(make_lead("Bob"), sent=False), expires_on=quote.expires_on)
    )


def test_a_draft_that_is_sent_later_takes_the_day_and_vat_of_then(alice):
    quote = make_quote(alice, sent=False)
    later = NOON + 40 * DAY
    quotes.send(quote=quote, to="alice@isp.example", actor=None, now=later)
    quote.refresh_from_db()
    assert (quote.day, quote.expires_on) == (later.date(), later.date() + 30 * DAY)


@pytest.mark.money
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"once": Decimal(1), "once_excl": Decimal(1), "once_vat": Decimal(0)}, "quote that was sent stands"),
        ({"terms": "other"}, "quote that was sent stands"),
        ({"pdf_sha256": "0" * 64}, "quote that was sent stands"),
        ({"expires_on": "2030-01-01"}, "quote that was sent stands"),
        ({"number": 7}, "keeps its number"),
        ({"state": "draft"}, "does not become draft"),
    ],
)
def test_the_database_keeps_what_was_sent(alice, change, rule):
    quote = make_quote(alice)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(**change)


@pytest.mark.money
def test_the_database_keeps_lines_and_acceptances(alice):
    quote = accept(make_quote(alice))
    line = quote.lines.first()
    for deed in (
        lambda: QuoteLine.objects.filter(pk=line.pk).update(text="other"),
        lambda: QuoteLine.objects.filter(pk=line.pk).delete(),
        lambda: QuoteLine.objects.create(
            **{f.attname: getattr(line, f.attname) for f in line._meta.fields if f.name != "id"}
        ),
        lambda: Acceptance.objects.update(name="Mallory"),
        lambda: Acceptance.objects.all().delete(),
        lambda: Quote.objects.filter(pk=quote.pk).update(decline_words="no"),
    ):
        with pytest.raises(IntegrityError, match=r"stand|never changed"), transaction.atomic():
            deed()


@pytest.mark.money
def test_a_quote_is_not_accepted_without_an_acceptance(alice):
    quote = make_quote(alice)
    with pytest.raises(IntegrityError, match="has its acceptance"), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(state="accepted")
        Quote.objects.filter(pk=quote.pk).first()
        transaction.get_connection().check_constraints()


def test_a_new_version_takes_the_place_of_the_old_at_once(alice):
    old = make_quote(alice)
    token = link_of(old)
    new = quotes.revise(quote=old, actor=None, now=NOON + DAY)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state, new.name, new.monthly) == ("replaced", "draft", "QUO00001-2", old.monthly)
    assert quotes.open_link(token=token, now=NOON + DAY) == (
        None,
        "This quote is being changed. You will get the new version by mail.",
    )
    with pytest.raises(DomainError, match="is being changed"):
        quotes.accept(token=token, name="Alice", details={}, address="", browser="", now=NOON + DAY)
    with pytest.raises(DomainError, match="Another version"):
        quotes.revise(quote=old, actor=None, now=NOON + DAY)
    quotes.send(quote=new, to="alice@isp.example", actor=None, now=NOON + DAY)
    assert accept(Quote.objects.get(pk=new.pk), now=NOON + DAY).state == "accepted"
    with pytest.raises(DomainError, match="accepted by now"):
        quotes.revise(quote=new, actor=None, now=NOON + DAY)


def test_a_withdrawn_quote_opens_nothing(alice):
    quote = make_quote(alice)
    token = link_of(quote)
    quotes.withdraw(quote=quote)
    assert quotes.open_link(token=token, now=NOON) == (None, "This quote was withdrawn.")


def test_a_link_to_another_address_ends_the_first(alice):
    quote = make_quote(alice)
    first = link_of(quote)
    quotes.resend(quote=quote, to="alice@isp.example", actor=None, now=NOON)
    assert quotes.open_link(token=first, now=NOON)[0] == quote
    quotes.resend(quote=quote, to="new@isp.example", actor=None, now=NOON)
    assert quotes.open_link(token=first, now=NOON)[0] is None
    sent_last = {letter.to[0]: letter for letter in [posted(), *mail.outbox]}
    assert set(sent_last) == {"new@isp.example"}, "mails to the old address are void"


def test_a_quote_stands_through_its_last_day_here(alice):
    quote = make_quote(alice)
    token = link_of(quote)
    last = NOON.replace(hour=21, minute=59) + 30 * DAY  # a minute before midnight here
    assert quotes.expire_due(now=last) == 0
    assert quotes.open_link(token=token, now=last)[0] == quote
    gone = last + timedelta(minutes=1)
    assert quotes.open_link(token=token, now=gone) == (None, "This quote has expired.")
    assert quotes.expire_due(now=gone) == 1
    assert quotes.expire_due(now=gone) == 0
    assert missing([alice.pk], "customer-new") == {alice.pk: ["QUO00001 expired without an answer."]}


def test_unanswered_quotes_are_followed_up_once_on_each_day(alice):
    SalesRules.objects.update(reminder_days=[10, 3])
    make_quote(alice)
    answered = accept(make_quote(make_lead("Bob Marsh", email="bob@isp.example")))

    def told(days):
        return quotes.remind_due(now=NOON + days * DAY)

    assert [told(2), told(3), told(3), told(9), told(12), told(20), told(31)] == [0, 1, 0, 0, 1, 0, 0]
    reminders = Message.objects.filter(template="quote_reminder")
    assert {one.address for one in reminders} == {"alice@isp.example"}
    assert answered.reminded == 0


def test_days_that_were_missed_are_made_up_for_by_one_mail(alice):
    SalesRules.objects.update(reminder_days=[3, 5, 10])
    quote = make_quote(alice)
    assert [quotes.remind_due(now=NOON + 11 * DAY), quotes.remind_due(now=NOON + 12 * DAY)] == [1, 0]
    quote.refresh_from_db()
    assert quote.reminded == 3


def test_a_reminder_that_waits_is_not_sent_after_the_answer(alice):
    quote = make_quote(alice)
    posted()
    quotes.remind_due(now=NOON + 3 * DAY)
    accept(quote, now=NOON + 3 * DAY)
    posting.send_mail(NOON + 4 * DAY)
    assert [letter.subject for letter in mail.outbox] == [
        "Our quote QUO00001",
        "You accepted our quote QUO00001",
    ]


def test_the_gate_lets_through_who_accepted_and_nobody_else(alice):
    bob = make_lead("Bob Marsh", step_id="quote-new")
    with pytest.raises(DomainError, match="Needs a quote"):
        moving.move(leads=[bob.pk], to="customer-new", actor=None, now=NOON)
    quote = make_quote(alice, sent=False)
    lacks = missing([alice.pk, bob.pk], "customer-new")
    assert lacks == {alice.pk: ["QUO00001 is not sent yet."], bob.pk: ["Needs a quote."]}
    quotes.send(quote=quote, to="alice@isp.example", actor=None, now=NOON)
    assert missing([alice.pk], "customer-new") == {alice.pk: ["QUO00001 is not answered yet."]}
    accept(Quote.objects.get(pk=quote.pk))
    assert missing([alice.pk], "customer-new") == {}


def test_staff_take_a_yes_and_a_no_with_what_shows_it(alice):
    sam, bob = make_person("Sam"), make_lead("Bob Marsh", email="bob@isp.example", step_id="quote-new")
    yes, no = make_quote(alice), make_quote(bob)

    quotes.accept_by_hand(
        quote=yes, name="Alice Liddel", document="Signed paper, file 12", details={}, actor=sam, now=NOON
    )
    acceptance = yes.acceptance
    assert (acceptance.by, acceptance.document, acceptance.address) == (sam, "Signed paper, file 12", None)
    quotes.decline_by_hand(
        quote=no,
        reason=DeclineReason.objects.get(name="Too slow"),
        words="",
        document="Call of today",
        actor=sam,
        now=NOON,
    )
    no.refresh_from_db()
    assert (no.state, no.decline_words) == ("declined", "Taken by Sam: Call of today")
    places = {one.name: one.place for one in (type(alice).objects.all())}
    assert places == {"Alice Liddel": "customer-new", "Bob Marsh": "quote-declined"}
    assert sorted(Fact.objects.values_list("kind", flat=True)) == ["quote.accepted", "quote.declined"]


def test_the_other_offers_end_with_the_first_yes(alice):
    one, other = make_quote(alice), make_quote(alice)
    accept(other)
    one.refresh_from_db()
    assert (one.state, reading.accepted(alice)) == ("withdrawn", other)


def test_a_yes_is_taken_though_the_lead_misses_something_else():
    gate = Gate(
        "test-gate", "Never", lambda leads: dict.fromkeys(leads, "Never."), frozenset({"customer-new"})
    )
    gates.register(gate)
    try:
        bob = make_lead("Bob Marsh", email="bob@isp.example", step_id="quote-new")
        assert accept(make_quote(bob)).state == "accepted"
    finally:
        gates.unregister("test-gate")
    bob.refresh_from_db()
    assert bob.place == "quote-sent"


def test_the_owner_is_told(alice):
    owner = make_person("Sam", email="sam@isp.example")
    type(alice).objects.filter(pk=alice.pk).update(owner=owner)
    accept(make_quote(alice))
    told = Message.objects.get(template="quote_answered")
    assert (told.address, told.context["answer"]) == ("sam@isp.example", "accepted")


def test_the_mail_of_a_quote_that_was_answered_meanwhile_is_void(alice):
    quote = make_quote(alice)
    accept(quote)
    with pytest.raises(DomainError, match="before its mail was sent"):
        sending.seal(Message.objects.get(template="quote"), NOON)


def test_what_a_quote_knows_of_a_person_goes_with_the_lead(alice):
    quote = accept(make_quote(alice), id_number="8001015009087")
    declined = make_quote(make_lead("Bob Marsh", email="bob@isp.example"))
    quotes.decline(token=link_of(declined), reason=DeclineReason.objects.all()[0], words="I am Bob", now=NOON)
    reason = LostReason.objects.all()[0]
    type(alice).objects.update(lost_reason=reason)
    leads = [alice.pk, declined.lead_id]
    moving.move(leads=leads, to="lost", actor=None, now=NOON)
    lead_blanking.forget(leads=leads, now=NOON)
    transaction.get_connection().check_constraints()

    quote.refresh_from_db()
    declined.refresh_from_db()
    assert (quote.pdf, quote.snapshot, quote.recipient, quote.monthly) == (None, None, "", Decimal("454.00"))
    assert (quote.acceptance.name, quote.acceptance.details, quote.acceptance.address) == ("", {}, None)
    assert (declined.decline_words, declined.decline_reason is not None) == ("", True)
    trail = str([(one.old, one.new) for one in AuditEvent.objects.filter(model="workflow.quote")])
    assert not re.search("alice@isp|I am Bob|8001015009087", trail)
    found = find(make_person("Sam", "workflow.view_quote"), "QUO00001").groups[0].hits[0]
    assert found.title.startswith("Former lead")


@pytest.mark.money
@pytest.mark.parametrize("what", ["quote", "acceptance"])
def test_the_database_blanks_nobody_who_is_not_forgotten(alice, what):
    quote = accept(make_quote(alice))
    with pytest.raises(IntegrityError, match="goes only with the person"), transaction.atomic():
        if what == "quote":
            blank = {"recipient": "", "remark": "", "decline_words": "", "token_hash": ""}
            Quote.objects.filter(pk=quote.pk).update(pdf=None, snapshot=None, **blank)
        else:
            Acceptance.objects.update(name="", browser="", document="", details={}, address=None)
        transaction.get_connection().check_constraints()


def test_a_quote_is_found_by_its_number(alice):
    make_quote(alice)
    sam = make_person("Sam", "workflow.view_quote")
    for asked in ("QUO00001", "quo00001"):
        hit = find(sam, asked).groups[0].hits[0]
        assert (hit.code, hit.title) == ("QUO00001", "Alice Liddel")
    assert not find(make_person("Dora", "workflow.view_lead"), "QUO00001").groups
