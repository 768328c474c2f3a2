"""The page of a quote: read without a log-in, signed or declined once, and silent afterwards."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from herotill.messages.models import Message
from herotill.messages.services import sending as posting
from herotill.models import AuditEvent
from tests.factories import client_of, make_customer, make_person
from tests.factories.workflow import link_of, make_lead, make_quote
from workflow.models import Acceptance, DeclineReason, Quote, SalesRules
from workflow.policies.quoting import DETAILS
from workflow.services import quotes

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NASTY = "{{7*7}} <img src=http://x.example/a>"


@pytest.fixture
def lead():
    return make_lead("Alice Liddel", email="alice@isp.example", phone="+27821234567", step_id="quote-new")


@pytest.fixture
def quote(lead):
    SalesRules.objects.update(terms="Pay on the first.")
    return make_quote(lead, now=timezone.now())


@pytest.fixture
def url(quote):
    return f"/quotes/{link_of(quote)}/"


def filled(**more):
    return {
        "answer": "accept",
        "kind": "individual",
        "first_names": "Alice",
        "surname": "Liddel",
        "id_number": "8001015009087",
        "phone": "082 999 1234",
        "email": "private@home.example",
        "physical_lines": "12 Protea Street",
        "physical_town": "Prince Albert",
        "payment_method": "debit_order",
        "signed_by": "Alice Liddel",
        "agreed": "on",
    } | more


def assert_only_words(html):
    assert "&lt;img" in html
    assert "{{7*7}}" in html
    assert "<img" not in html


def told(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_alice_reads_her_quote_without_logging_in(client, url, quote, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = client.get(url)
    shown = told(page)
    for words in ("QUO00001", "Alice Liddel", "Installation", "R 1,500.00", "R 454.00", "Pay on the first."):
        assert words in shown, words
    paper = client.get(f"{url}paper/")
    assert (paper.status_code, paper.content) == (200, bytes(quote.pdf))
    assert "attachment" in paper.headers["Content-Disposition"]


def test_alice_accepts_once_with_her_own_details(client, url, quote, lead):
    done = client.post(url, filled(), headers={"User-Agent": "Phone/1\x00"})
    assert "You have accepted the quote" in told(done)

    quote.refresh_from_db()
    lead.refresh_from_db()
    acceptance = Acceptance.objects.get()
    assert (quote.state, lead.place, acceptance.name) == ("accepted", "customer-new", "Alice Liddel")
    assert (acceptance.pdf_sha256, acceptance.address) == (quote.pdf_sha256, "127.0.0.1")
    assert acceptance.terms_sha256 == hashlib.sha256(b"Pay on the first.").hexdigest()
    assert acceptance.browser.startswith("Phone/1")
    assert acceptance.details["phone"] == "+27829991234"
    assert set(acceptance.details) <= set(DETAILS)
    again = client.post(url, filled(signed_by="Mallory"))
    assert (again.status_code, "This quote was accepted." in told(again)) == (410, True)
    assert Acceptance.objects.count() == 1
    posting.send_mail(timezone.now() + timedelta(minutes=1))
    letter = mail.outbox[-1]
    assert (letter.to, letter.subject) == (["alice@isp.example"], "You accepted our quote QUO00001")
    assert letter.attachments[0][1] == bytes(quote.pdf)


def test_alice_declines_with_a_reason(client, url, quote, lead):
    assert client.post(url, {"answer": "decline"}).status_code == 422
    reason = DeclineReason.objects.get(name="Too expensive")
    done = client.post(url, {"answer": "decline", "no-reason": reason.pk, "no-words": "By R 50."})
    quote.refresh_from_db()
    lead.refresh_from_db()
    assert "You have declined the quote" in told(done)
    assert (quote.state, quote.decline_reason, quote.decline_words) == ("declined", reason, "By R 50.")
    assert lead.place == "quote-declined"
    assert "This quote was declined." in told(client.get(url))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"agreed": ""}, "Tick this to accept"),
        ({"signed_by": ""}, "required"),
        ({"phone": "12"}, "cannot be a phone number"),
        ({"id_number": "8001015009088"}, "has a mistake in it"),
        ({"kind": "company"}, "Give the company&#x27;s name"),
        ({"physical_town": ""}, "Give the town"),
        ({"payment_method": "barter"}, "valid choice"),
        ({"surname": "Lid\tdel"}, "control character"),
        ({"signed_by": "Alice\r\nBcc: x@y.example"}, "must be one line"),
    ],
)
def test_a_yes_that_lacks_something_is_asked_for_again(client, url, quote, wrong, said):
    answer = client.post(url, filled(**wrong))
    assert (answer.status_code, said in told(answer)) == (422, True)
    assert "12 Protea Street" in told(answer), "what was typed stays in the answer to it"
    quote.refresh_from_db()
    assert quote.state == "sent"
    assert "12 Protea Street" not in told(client.get(url)), "and is nowhere on a later visit"


def test_a_company_signs_with_what_companies_have(client, url):
    company = {
        "company_name": "Karoo Foods",
        "registration_number": "2021/123456/07",
        "contact_name": "Alice",
    }
    client.post(url, filled(kind="company", **company))
    details = Acceptance.objects.get().details
    assert (details["company_name"], "id_number" in details, "surname" in details) == (
        "Karoo Foods",
        False,
        False,
    )


def test_a_customer_signs_and_is_asked_nothing_we_know(client):
    bob = make_customer("Bob Marsh", "BOB001")
    quote = make_quote(customer=bob, now=timezone.now())
    url = f"/quotes/{link_of(quote)}/"
    assert 'name="id_number"' not in told(client.get(url))
    client.post(url, {"answer": "accept", "signed_by": "Bob Marsh", "agreed": "on"})
    assert Acceptance.objects.get().details == {}
    assert Message.objects.get(template="quote_accepted").customer_id == bob.pk


def test_s24_opening_a_quote_changes_nothing(client, url, quote):
    before = Quote.objects.values().get()
    for _ in range(2):
        page = client.get(url)
        client.get(f"{url}paper/")
        client.head(url)
    assert Quote.objects.values().get() == before
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "no-store" in page.headers["Cache-Control"]
    assert client.post(url, {"answer": "opened"}).status_code == 204
    first = Quote.objects.get().opened_at
    client.post(url, {"answer": "opened"})
    assert first is not None
    assert Quote.objects.get().opened_at == first


def test_s24_what_is_typed_in_is_never_shown_again(client, url, quote):
    page = told(client.get(url))
    assert 'value="Alice"' in page, "the name the quote is addressed to"
    assert not re.search("alice@isp.example|82.?123.?4567", page), "nothing else we know of her"
    client.post(url, filled())
    for answer in (client.get(url), client.post(url, filled()), client.get(f"{url}paper/")):
        shown = told(answer)
        assert answer.status_code == 410
        for private in (
            "Alice",
            "Liddel",
            "8001015009087",
            "private@home.example",
            "Protea",
            "QUO00001",
            "454",
        ):
            assert private not in shown, private


@pytest.mark.parametrize(
    "ends", ["accepted", "expired", "withdrawn", "replaced", "declined", "altered", "lost"]
)
def test_s24_a_link_that_is_over_says_only_that(client, url, quote, ends):
    if ends == "accepted":
        client.post(url, filled())
    elif ends == "expired":
        quotes.expire_due(now=timezone.now() + timedelta(days=31))
    elif ends == "withdrawn":
        quotes.withdraw(quote=quote)
    elif ends == "replaced":
        quotes.revise(quote=quote, actor=None, now=timezone.now())
    elif ends == "declined":
        client.post(url, {"answer": "decline", "no-reason": DeclineReason.objects.first().pk})
    elif ends == "lost":
        quotes.withdraw_of(leads=[quote.lead_id])
    else:
        url = url[:-3] + ("AA/" if url[-3:-1] != "AA" else "BB/")
    known = Quote.objects.get(pk=quote.pk).state
    for path in (url, f"{url}paper/"):
        page = client.get(path)
        assert page.status_code == 410
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page.headers["Cache-Control"]
        assert not re.search("Liddel|QUO0|1,500|454|Installation", told(page)), known
    for said in (filled(), {"answer": "decline", "no-reason": 1}, {"answer": "opened"}):
        assert client.post(url, said).status_code == 410


def test_s07_no_stored_row_holds_a_link_that_works(client, quote, django_assert_max_num_queries):
    posting.send_mail(timezone.now() + timedelta(minutes=1))
    link = re.search(r"https?://[^/]+(/quotes/(\S+)/)", mail.outbox[-1].body)
    assert client.get(link[1]).status_code == 200
    token = link[2]
    message = Message.objects.get(template="quote")
    assert "[link]" in message.body
    stored = Quote.objects.get().token_hash
    assert stored == hashlib.sha256(token.encode()).hexdigest()
    for rows in (Message.objects.values(), Quote.objects.values(), AuditEvent.objects.values()):
        assert token not in str(list(rows))
    assert stored not in str(list(AuditEvent.objects.values()))


def test_s07_each_mail_makes_its_link_anew_and_another_address_another(quote):
    first = link_of(quote)
    assert link_of(Quote.objects.get()) == first
    quotes.resend(quote=quote, to="other@isp.example", actor=None, now=timezone.now())
    assert link_of(Quote.objects.get()) != first


def test_s19_names_and_words_are_only_words_wherever_they_go(client):
    lead = make_lead(NASTY, email="alice@isp.example", step_id="quote-new")
    quote = make_quote(lead, sent=False)
    quotes.write_remark(quote=quote, remark=f"Dear {NASTY} {{link}}")
    line = quote.lines.first()
    quotes.change_line(line=line, text=NASTY, quantity=1, price=line.price, discount=line.discount, most=0)
    SalesRules.objects.update(terms=f"{NASTY}\nNo.")
    now = timezone.now()
    quotes.send(quote=quote, to="alice@isp.example", actor=None, now=now)
    posting.send_mail(now + timedelta(minutes=1))
    letter = mail.outbox[-1]
    html = letter.alternatives[0][0]
    assert "{{7*7}}" in letter.body
    assert_only_words(html)
    url = f"/quotes/{link_of(quote)}/"
    page = told(client.get(url))
    assert_only_words(page)
    client.post(url, filled(first_names=NASTY, signed_by=NASTY))
    sam = client_of(
        make_person("Sam", "workflow.view_quote", "workflow.view_acceptance", "workflow.view_lead")
    )
    for path in (f"/workflow/quotes/all/{quote.pk}/", "/workflow/quotes/all/", f"/workflow/leads/{lead.pk}/"):
        assert_only_words(told(sam.get(path)))


def test_s19_a_line_break_in_a_name_makes_no_header(client):
    owner = make_person("Sam", email="sam@isp.example")
    lead = make_lead("Eve\r\nBcc: x@y.example", email="eve@isp.example", owner=owner, step_id="quote-new")
    quote = make_quote(lead, now=timezone.now())
    client.post(f"/quotes/{link_of(quote)}/", filled())
    posting.send_mail(timezone.now() + timedelta(minutes=1))
    letters = [letter for letter in mail.outbox if letter.to == ["sam@isp.example"]]
    assert len(letters) == 1
    assert "\n" not in letters[0].subject
    assert "Bcc" not in letters[0].message()


def test_the_form_of_a_page_needs_its_csrf_token(url):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(url, filled()).status_code == 403
    assert not Acceptance.objects.exists()


def test_nothing_of_a_customer_is_in_the_choices_offered(client, url):
    page = told(client.get(url))
    for value, label in Customer.PaymentMethod.choices:
        assert (label in page) is bool(value)
