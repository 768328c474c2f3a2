"""Mandates by link: asked for by mail, read and signed once on a page without a log-in."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from billing.models import Mandate
from billing.services import mandates
from billing.services.mandates import electronic
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.services import sending
from tests.factories import client_of, make_customer, make_person
from tests.factories.mandates import FNB, OTHER_FNB, make_detail

pytestmark = pytest.mark.django_db
Status = Mandate.Status
HTMX = {"HX-Request": "true"}


@pytest.fixture
def alice():
    alice = make_customer("Alice Liddel", "ALI001", payment_method="debit_order")
    make_detail(alice)
    return alice


def asked(customer, **more):
    return mandates.ask(customer=customer, to=customer.contact_email, actor=None, now=timezone.now(), **more)


def link_of_last_mail():
    sending.send_mail(timezone.now() + timedelta(minutes=1))
    return re.search(r"https?://[^/]+(/mandates/\S+)", mail.outbox[-1].body)[1]


@pytest.fixture
def link(alice):
    asked(alice, maximum=Decimal("900.00"))
    return link_of_last_mail()


def form(client, link, **more):
    mark = re.search(r'name="mark" value="(\w+)"', client.get(link).content.decode())[1]
    return {"name": "Alice Liddel", "agreed": "on", "mark": mark} | more


def test_a_request_goes_to_a_contact_and_to_nobody_else(alice):
    with pytest.raises(DomainError, match="one of the customer's contacts"):
        mandates.ask(customer=alice, to="thief@example.com", actor=None, now=timezone.now())
    mandate = asked(alice)
    assert (mandate.status, mandate.kind, mandate.reference) == (Status.ASKED, "electronic", "ALI001-1")
    assert Message.objects.get().address == alice.contact_email


def test_s07_the_link_stands_in_the_mail_alone(alice, link):
    token = link.strip("/").split("/")[-1]
    mandate, message = Mandate.objects.get(), Message.objects.get()
    assert mandate.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(Mandate.objects.values()) + str(Message.objects.values())
    assert "[link]" in message.body


def test_s24_opening_the_page_changes_nothing_and_masks_the_number(client, link):
    before = Mandate.objects.values().get()
    page = client.get(link)
    text = page.content.decode()
    assert page.status_code == 200
    assert "•••• 5749" in text
    assert FNB not in text
    for said in ("A Liddel", "FNB / RMB", "R 900.00", "The 25th of the month", "the business day after"):
        assert said in text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "no-store" in page.headers["Cache-Control"]
    assert Mandate.objects.values().get() == before


def test_signing_keeps_name_time_address_and_the_paper(client, link):
    done = client.post(link, form(client, link), headers=HTMX, REMOTE_ADDR="196.25.1.9")
    assert done.status_code == 200
    mandate = Mandate.objects.get()
    assert (mandate.status, mandate.signed_by_name) == (Status.ACTIVE, "Alice Liddel")
    assert mandate.signed_from == "196.25.1.9"
    assert timezone.now() - mandate.signed_at < timedelta(minutes=1)
    with default_storage.open(mandate.document_path, "rb") as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == mandate.document_hash
    paper = "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    for said in ("Debit-order mandate", "ALI001-1", "5749", "Alice Liddel", "196.25.1.9", "R 900.00"):
        assert said in paper
    assert FNB not in paper


def test_a_copy_comes_by_mail(client, link):
    client.post(link, form(client, link), headers=HTMX)
    sending.send_mail(timezone.now() + timedelta(minutes=1))
    assert mail.outbox[-1].subject == "Your mandate ALI001-1"
    assert mail.outbox[-1].attachments[0][0] == "Mandate-ALI001-1.pdf"


def test_s24_it_works_once_and_then_says_only_that(client, link):
    sent = form(client, link)
    client.post(link, sent, headers=HTMX)
    before = Mandate.objects.values().get()
    for again in (client.get(link), client.post(link, sent, headers=HTMX)):
        text = again.content.decode()
        assert "Done" in text
        assert not [one for one in ("Liddel", "5749", "FNB", "900") if one in text]
    assert Mandate.objects.values().get() == before


def test_without_name_or_tick_nothing_is_signed_and_all_stays_typed(client, link):
    refused = client.post(link, form(client, link, agreed=""), headers=HTMX)
    assert refused.status_code == 422
    assert b"Tick this to agree" in refused.content
    assert b'value="Alice Liddel"' in refused.content
    assert client.post(link, form(client, link, name=""), headers=HTMX).status_code == 422
    assert Mandate.objects.get().status == Status.ASKED


def test_what_changed_since_the_page_was_opened_is_read_once_more(client, alice, link):
    sent = form(client, link)
    make_detail(alice, number=FNB, debit_day=1)
    refused = client.post(link, sent, headers=HTMX)
    assert refused.status_code == 422
    assert b"has changed meanwhile" in refused.content
    assert Mandate.objects.get().status == Status.ASKED


def test_s10_another_account_ends_the_link(client, alice, link):
    make_detail(alice, number=OTHER_FNB)
    over = client.get(link)
    assert over.status_code == 410
    assert b"5749" not in over.content


def test_after_two_weeks_it_lapses(client, link):
    late = timezone.now() + timedelta(days=15)
    assert mandates.lapse(now=timezone.now()) == 0
    assert mandates.lapse(now=late) == 1
    mandate = Mandate.objects.get()
    assert (mandate.status, mandate.ended_why) == (Status.LAPSED, "Not signed in time.")
    assert client.get(link).status_code == 410


def test_asked_anew_the_first_link_is_over(client, alice, link):
    asked(alice)
    assert client.get(link).status_code == 410
    assert client.get(link_of_last_mail()).status_code == 200
    assert set(Mandate.objects.values_list("status", flat=True)) == {"cancelled", "asked"}


def test_a_link_that_was_signed_meanwhile_is_not_mailed(alice):
    mandate = asked(alice)
    mandates.cancel(mandate=mandate, why="Pays by EFT", actor=None, now=timezone.now())
    sending.send_mail(timezone.now() + timedelta(minutes=1))
    assert not mail.outbox
    assert "ended before" in Message.objects.get().error


def test_no_secret_no_page(client):
    assert client.get("/mandates/no-such-token/").status_code == 410


def test_a_strange_name_is_written_as_it_is(client, link):
    hostile = "{{ 7*7 }} <img src=http://x.example/a>"
    client.post(link, form(client, link, name=hostile), headers=HTMX)
    mandate = Mandate.objects.get()
    assert mandate.signed_by_name == hostile
    broken = Client().post(
        link, form(client, link, name="A\tB") if mandate.signed_at is None else {}, headers=HTMX
    )
    assert broken.status_code == 200


def test_what_was_signed_is_downloaded_by_who_may(client, link):
    client.post(link, form(client, link), headers=HTMX)
    mandate = Mandate.objects.get()
    url = f"/billing/mandates/{mandate.pk}/document/"
    assert client_of(make_person("Dora")).get(url).status_code == 403
    greta = client_of(make_person("Greta", "billing.view_mandate"))
    got = greta.get(url)
    assert got.content.startswith(b"%PDF")
    assert "attachment" in got.headers["Content-Disposition"]
    storage_path = default_storage.path(mandate.document_path)
    with open(storage_path, "ab") as file:
        file.write(b"altered")
    with pytest.raises(DomainError, match="no longer what was stored"):
        electronic.document(mandate)
