"""Quotes on the desk: the lead's card, one quote with its dialogs, the list, the customer's card."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from herotill.jobs import jobs
from herotill.lists import lists
from herotill.messages.models import Message
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import make_package
from tests.factories.workflow import accept, make_lead, make_quote, sold
from workflow.models import DeclineReason, Quote, QuoteLine, Survey
from workflow.services import quotes

pytestmark = pytest.mark.django_db
SEES = ("workflow.view_quote", "workflow.view_lead")
WRITES = (
    *SEES,
    "workflow.add_quote",
    "workflow.change_quote",
    "workflow.send_quote",
    "workflow.answer_quote",
)


@pytest.fixture
def lead():
    return make_lead("Alice Liddel", email="alice@isp.example", step_id="quote-new")


@pytest.fixture
def sam():
    return client_of(make_person("Sam", *WRITES, "workflow.discount_quote"))


@pytest.fixture
def dora():
    return client_of(make_person("Dora", *SEES))


def text(answer):
    return answer.content.decode()


def errors(answer):
    assert answer.status_code == 422
    return text(answer)


def test_sam_begins_a_quote_on_the_leads_page_and_writes_it(sam, dora, lead):
    package = make_package("Home 10", product=sold("UNC10", "454.00"))
    assert "Nothing offered yet" in text(sam.get(f"/workflow/leads/{lead.pk}/"))
    assert "Begin quote" not in text(dora.get(f"/workflow/leads/{lead.pk}/"))
    assert dora.get(f"/workflow/leads/{lead.pk}/quote/").status_code == 403

    begun = sam.post(f"/workflow/leads/{lead.pk}/quote/", {"package": package.pk, "remark": "As discussed."})
    quote = Quote.objects.get()
    url = f"/workflow/quotes/all/{quote.pk}/"
    assert begun.headers["Location"] == url
    assert sam.get(f"/workflow/leads/{lead.pk}/quote/").headers["Location"] == url, "the draft is opened"
    product = sold("INST", "1500.00", name="Installation")
    added = sam.post(
        f"{url}product/", {"product": product.pk, "monthly": "", "quantity": 1, "discount": "10"}
    )
    assert added.status_code == 302
    line = quote.lines.get(product=product)
    assert (line.monthly, line.incl, line.price) == (False, Decimal("1350.00"), Decimal("1500.00"))
    assert "10.01 % below the list" in errors(
        sam.post(f"{url}product/", {"product": product.pk, "quantity": 1, "discount": "10.01"})
    )
    sam.post(
        f"/workflow/quotes/all/lines/{line.pk}/",
        {"text": "Mast", "quantity": 2, "price": "1500", "discount": "0"},
    )
    sam.post(f"{url}remark/", {"remark": "Dear Alice"})
    shown = text(dora.get(url))
    for words in ("Mast", "R 3,000.00", "Home 10", "R 454.00", "Dear Alice", "with a data account"):
        assert words in shown, words
    sam.post(f"/workflow/quotes/all/lines/{line.pk}/remove/")
    assert not QuoteLine.objects.filter(pk=line.pk).exists()


def test_a_package_is_no_product_of_the_dialog_as_it_would_bring_no_data_account(sam, lead):
    package, sign = make_package(price="454.00"), sold("SIGN", "100.00", name="Sign")
    quote = make_quote(lead, sent=False)

    page = sam.get(f"/workflow/quotes/all/{quote.pk}/product/").content.decode()

    options = [f'<option value="{one}"' in page for one in (sign.pk, package.product_id)]
    assert options == [True, False]
    packages = sam.get(f"/workflow/quotes/all/{quote.pk}/package/").content.decode()
    assert f'<option value="{package.pk}"' in packages


def test_who_may_give_no_discount_is_asked_for_none(dora, lead):
    quote = make_quote(lead, sent=False)
    erin = client_of(make_person("Erin", *WRITES))
    assert 'name="discount"' not in text(erin.get(f"/workflow/quotes/all/{quote.pk}/product/"))
    line = quote.lines.first()
    below = {"text": "x", "quantity": 1, "price": "1.00"}
    assert "you may give none" in errors(erin.post(f"/workflow/quotes/all/lines/{line.pk}/", below))
    fred = client_of(
        make_person("Fred", *WRITES, "workflow.discount_quote", "workflow.discount_quote_freely")
    )
    assert fred.post(f"/workflow/quotes/all/lines/{line.pk}/", below | {"discount": "90"}).status_code == 302
    line.refresh_from_db()
    assert line.incl == Decimal("0.10")


def test_what_the_survey_found_is_offered_as_a_line(sam, lead):
    Survey.objects.create(
        lead=lead,
        state="done",
        outcome="extra",
        cost=Decimal("900.00"),
        extra="A longer mast",
        done_at=timezone.now(),
    )
    quote, product = make_quote(lead, sent=False), sold("INST", "1500.00")
    url = f"/workflow/quotes/all/{quote.pk}/"
    assert "The survey found" in text(sam.get(url))
    form = text(sam.get(f"{url}survey-cost/"))
    assert "A longer mast" in form
    assert "900.00" in form
    sam.post(f"{url}survey-cost/", {"product": product.pk, "cost": "900.00", "text": "A longer mast"})
    assert quote.lines.get(text="A longer mast").incl == Decimal("900.00")
    other = make_quote(make_lead("Bob Marsh"), sent=False)
    assert sam.get(f"/workflow/quotes/all/{other.pk}/survey-cost/").status_code == 404


def test_sam_sends_resends_revises_and_withdraws(sam, dora, lead):
    quote = make_quote(lead, sent=False)
    url = f"/workflow/quotes/all/{quote.pk}/"
    for deed in (
        "send",
        "resend",
        "revise",
        "withdraw",
        "accepted",
        "declined",
        "package",
        "product",
        "remark",
    ):
        assert dora.get(f"{url}{deed}/").status_code == 403, deed
        assert dora.post(f"{url}{deed}/").status_code == 403, deed
        assert sam.get(f"{url}{deed}/").status_code == 200, deed
    assert sam.get(f"{url}paper/").content[:4] == b"%PDF"
    assert "cannot be an email address" in errors(sam.post(f"{url}send/", {"to": "alice", "days": 30}))
    assert sam.post(f"{url}send/", {"to": "alice@isp.example", "days": 14}).status_code == 302
    quote.refresh_from_db()
    assert (quote.state, quote.expires_on - quote.day) == ("sent", timedelta(days=14))
    assert sam.get(f"{url}paper/").content == bytes(quote.pdf)
    assert "is sent by now" in errors(sam.post(f"{url}send/", {"to": "alice@isp.example", "days": 14}))
    sam.post(f"{url}resend/", {"to": "alice@isp.example"})
    assert Message.objects.filter(template="quote").count() == 2
    revised = sam.post(f"{url}revise/")
    new = Quote.objects.get(version=2)
    assert revised.headers["Location"] == f"/workflow/quotes/all/{new.pk}/"
    shown = text(sam.get(f"/workflow/quotes/all/{new.pk}/"))
    assert "Versions" in shown
    assert "Replaced" in shown
    sam.post(f"/workflow/quotes/all/{new.pk}/withdraw/")
    assert Quote.objects.get(version=2).state == "withdrawn"


def test_sam_takes_answers_with_a_document(sam, lead):
    quote = make_quote(lead, now=timezone.now())
    url = f"/workflow/quotes/all/{quote.pk}/"
    assert "required" in errors(sam.post(f"{url}accepted/", {"name": "Alice Liddel"}))
    sam.post(f"{url}accepted/", {"name": "Alice Liddel", "document": "Signed paper", "payment_method": "eft"})
    quote.refresh_from_db()
    assert (quote.state, quote.acceptance.details) == ("accepted", {"payment_method": "eft"})
    assert "Sam: Signed paper" in text(sam.get(url))
    other = make_quote(make_lead("Bob Marsh", email="b@isp.example"), now=timezone.now())
    reason = DeclineReason.objects.first()
    sam.post(f"/workflow/quotes/all/{other.pk}/declined/", {"reason": reason.pk, "document": "Call of today"})
    other.refresh_from_db()
    assert (other.state, other.decline_words) == ("declined", "Taken by Sam: Call of today")


def test_details_are_for_who_may_see_them_and_id_numbers_for_fewer(dora, lead):
    quote = accept(make_quote(lead), id_number="8001015009087", physical_lines="12 Protea Street")
    url = f"/workflow/quotes/all/{quote.pk}/"
    assert "Protea" not in text(dora.get(url))
    erin = client_of(make_person("Erin", *SEES, "workflow.view_acceptance"))
    fred = client_of(make_person("Fred", *SEES, "workflow.view_acceptance", "customers.see_id_numbers"))
    assert [
        ("Protea" in text(who.get(url)), "8001015009087" in text(who.get(url))) for who in (erin, fred)
    ] == [
        (True, False),
        (True, True),
    ]


def test_a_price_that_moved_since_is_pointed_out(sam, lead):
    quote = make_quote(lead, sent=False)
    QuoteLine.objects.filter(quote=quote, monthly=True).update(list_price=Decimal("400.00"))
    assert "the list price was R 400.00 when the line was written and is R 454.00 today" in text(
        sam.get(f"/workflow/quotes/all/{quote.pk}/")
    )


def test_the_list_finds_by_number_name_state_and_expiry(sam, lead, django_assert_max_num_queries):
    now = timezone.now()
    make_quote(lead, now=now, days=3)
    make_quote(customer=make_customer("Bob Marsh", "BOB001"), now=now)
    accept(make_quote(make_lead("Carol Petersen", email="c@isp.example"), now=now), now=now)

    def found(query):
        page = text(sam.get(f"/workflow/quotes/all/?{query}"))
        return [name for name in ("Alice", "Bob", "Carol") if name in page]

    with django_assert_max_num_queries(15):
        assert found("") == ["Alice", "Bob", "Carol"]
    assert found("q=QUO00002") == ["Bob"]
    assert found("q=alice") == ["Alice"]
    assert found("q=bob001") == ["Bob"]
    assert found("state=accepted") == ["Carol"]
    assert found("expiring=week") == ["Alice"]
    assert found("sort=-expires&state=sent") == ["Alice", "Bob"]
    assert lists["quotes"].export_permission == "workflow.export_quotes"


def test_the_list_takes_no_query_a_row(sam):
    def queries():
        with CaptureQueriesContext(connection) as taken:
            sam.get("/workflow/quotes/all/")
        return len(taken)

    make_quote(make_lead("One", email="o@isp.example"))
    queries()
    few = queries()
    for number in range(9):
        make_quote(make_lead(f"Lead {number}", email="o@isp.example"))
    assert queries() == few


def test_the_customers_card_shows_own_quotes_and_those_of_the_lead(lead, django_assert_max_num_queries):
    bob = make_customer("Bob Marsh", "BOB001")
    erin = client_of(make_person("Erin", *WRITES, "customers.view_customer"))
    card = "/customers/BOB001/widgets/customer-quotes/"
    assert "No quotes yet" in text(erin.get(card))
    accepted = accept(make_quote(lead))
    make_quote(customer=bob)
    lead.customer = bob
    lead.save(update_fields=["customer"])
    with django_assert_max_num_queries(14):
        shown = text(erin.get(card))
    for words in (
        "Quote No",
        "Quote Date",
        "Status",
        "Amount",
        accepted.name,
        "QUO00002",
        "Accepted",
        "R 454.00",
    ):
        assert words in shown, words
    begun = erin.post("/workflow/quotes/for/BOB001/", {"package": "", "remark": ""})
    assert begun.status_code == 302
    assert Quote.objects.filter(customer=bob).count() == 2


def test_the_start_page_counts_what_waits(lead):
    sam = client_of(make_person("Sam", *WRITES))
    assert "Quotes wait for an answer" not in text(sam.get("/"))
    make_quote(lead, now=timezone.now(), days=2)
    shown = text(sam.get("/"))
    assert "Quotes wait for an answer" in shown
    assert "1 expire within a week" in shown


def test_jobs_say_what_they_did(lead):
    make_quote(lead, now=timezone.now() - timedelta(days=40))
    assert jobs["quotes-expire"].task(timezone.now()) == "1 quotes expired."
    assert jobs["quotes-expire"].task(timezone.now()) == ""
    make_quote(make_lead("Bob", email="b@isp.example"), now=timezone.now() - timedelta(days=4))
    assert jobs["quotes-remind"].task(timezone.now()) == "1 quotes followed up."
    assert jobs["quotes-remind"].task(timezone.now()) == ""
    assert quotes.remind_due(now=timezone.now()) == 0
