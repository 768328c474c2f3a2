"""Mail at the desk in a browser: Bob's waits for Dora, Alice's is read as it was written, a mailbox is added."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from helpdesk.models import Mailbox
from tests.browser import findings
from tests.factories.customers import make_customer
from tests.factories.people import in_role
from tests.helpdesk.mail.letters import letter, take

pytestmark = pytest.mark.django_db(transaction=True)


def picture() -> str:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 20), "green").save(drawn, "PNG")
    return base64.b64encode(drawn.getvalue()).decode()


def test_dora_takes_in_what_bob_wrote(log_in: Callable[..., Page]) -> None:
    alice = make_customer()
    take(letter("Do you come to our street?", sender="bob@elsewhere.example", subject="A question"))
    page = log_in(in_role("dora", "support"))
    page.goto("/helpdesk/mail/triage/")
    page.get_by_role("link", name="A question").first.click()
    expect(page.get_by_text("Do you come to our street?")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("link", name="Take it in…").click()
    page.get_by_label("Customer of the new ticket").fill(alice.code)
    page.get_by_role("button", name="Take it in").click()
    page.wait_for_url("**/helpdesk/tickets/*/")
    expect(page.get_by_role("heading", name="A question", exact=True)).to_be_visible()
    expect(page.get_by_text("bob@elsewhere.example").first).to_be_visible()


def test_s30_a_mail_is_read_as_it_was_written(log_in: Callable[..., Page]) -> None:
    make_customer(contact={"email": "alice@wonderland.example"})
    body = (
        "--r\nContent-Type: text/html\n\n<h2>The mast</h2><p onclick='document.title=1'>It <b>sways</b>.</p>"
        "<script>document.title='bad'</script><img src='cid:mast@a' alt='Mast'><img src='https://t.example/1'>\n"
        "--r\nContent-Type: image/png; name=mast.png\nContent-ID: <mast@a>\nContent-Transfer-Encoding: base64\n\n"
        f"{picture()}\n--r--\n"
    )
    mail = take(letter(body, kind="multipart/related; boundary=r"))
    assert mail.post is not None
    page = log_in(in_role("dora", "support"))
    page.goto(f"/helpdesk/tickets/{mail.ticket_id}/")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="As it was written").click()
    written = opened.value
    expect(written.get_by_role("heading", name="The mast")).to_be_visible()
    expect(written).to_have_title("As it was written")
    expect(written.get_by_alt_text("Mast")).to_have_js_property("naturalWidth", 40)
    assert written.locator("img").count() == 2
    assert written.locator("img[src^=https]").count() == 0


def test_the_manager_adds_a_mailbox(log_in: Callable[..., Page]) -> None:
    page = log_in(in_role("chief", "manager"))
    page.goto("/helpdesk/setup/mailboxes/")
    page.get_by_role("link", name="New mailbox").or_(
        page.get_by_role("button", name="New mailbox")
    ).first.click()
    page.get_by_label("Address").fill("help@isp.example")
    page.get_by_label("Department").select_option(index=1)
    page.get_by_label("IMAP server").fill("imap.isp.example")
    assert findings(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="imap.isp.example")).to_be_visible()
    assert Mailbox.objects.get().address == "help@isp.example"
