"""Alice reads her quotes at the portal and answers them once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.workflow import make_lead, make_quote
from tests.portal.conftest import at_portal, login_of
from workflow.models import Acceptance, DeclineReason, Quote

pytestmark = pytest.mark.django_db
SIGNED = {"signed_by": "Alice Liddel", "agreed": "on"}


@pytest.fixture
def quote(alice):
    return make_quote(customer=alice, now=timezone.now())


def test_alice_accepts_a_quote_on_her_home_page(alice, quote):
    page = at_portal(alice)
    assert quote.name in page.get("/portal/").text
    text = page.get(f"/portal/quotes/{quote.pk}/").text
    assert "1,500.00" in text
    page.post(f"/portal/quotes/{quote.pk}/accept/", SIGNED)
    given = Acceptance.objects.get()
    assert (given.quote, given.name, given.by) == (quote, "Alice Liddel", login_of(alice))
    assert given.pdf_sha256 == quote.pdf_sha256
    assert "Accepted" in page.get("/portal/quotes/").text
    assert quote.name not in page.get("/portal/").text


def test_without_a_name_and_the_terms_it_is_no_yes(alice, quote):
    answer = at_portal(alice).post(f"/portal/quotes/{quote.pk}/accept/", {"signed_by": "Alice"})
    assert answer.status_code == 422
    assert "Tick this to accept the quote." in answer.text
    assert not Acceptance.objects.exists()


def test_alice_declines_with_a_reason(alice, quote):
    reason = DeclineReason.objects.filter(retired=False).first()
    page = at_portal(alice)
    assert page.post(f"/portal/quotes/{quote.pk}/decline/", {}).status_code == 422
    page.post(f"/portal/quotes/{quote.pk}/decline/", {"no-reason": reason.pk, "no-words": "Too dear"})
    quote.refresh_from_db()
    assert (quote.state, quote.decline_reason, quote.decline_words) == ("declined", reason, "Too dear")


def test_what_was_answered_or_has_expired_is_not_answered_again(alice, quote):
    page = at_portal(alice)
    page.post(f"/portal/quotes/{quote.pk}/accept/", SIGNED)
    again = page.post(f"/portal/quotes/{quote.pk}/accept/", SIGNED, follow=True)
    assert "This quote was accepted." in again.text
    old = make_quote(customer=alice, now=timezone.now() - timedelta(days=400))
    late = page.post(f"/portal/quotes/{old.pk}/accept/", SIGNED, follow=True)
    assert "This quote has expired." in late.text
    assert Acceptance.objects.count() == 1


def test_the_quote_she_had_as_a_lead_is_hers_too(alice):
    lead = make_lead("Alice Liddel", step_id="quote-new")
    quote = make_quote(lead, now=timezone.now())
    page = at_portal(alice)
    assert page.get(f"/portal/quotes/{quote.pk}/").status_code == 404
    lead.customer = alice
    lead.save(update_fields=["customer"])
    assert page.get(f"/portal/quotes/{quote.pk}/").status_code == 200


def test_bob_and_drafts_are_not_there(alice, bob, quote):
    page = at_portal(bob)
    for url in ("", "paper/"):
        assert page.get(f"/portal/quotes/{quote.pk}/{url}").status_code == 404
    assert page.post(f"/portal/quotes/{quote.pk}/accept/", SIGNED).status_code == 404
    draft = make_quote(customer=alice, sent=False)
    assert at_portal(alice).get(f"/portal/quotes/{draft.pk}/").status_code == 404
    assert Quote.objects.get(pk=quote.pk).state == "sent"


def test_the_paper_is_the_one_that_was_sent(alice, quote):
    answer = at_portal(alice).get(f"/portal/quotes/{quote.pk}/paper/")
    assert answer.content[:4] == b"%PDF"
    assert answer.headers["Content-Disposition"].startswith("attachment")
