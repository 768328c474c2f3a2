"""The desk's pages of mail: Dora decides about Bob's, the manager keeps mailboxes, Carol sees nothing of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from helpdesk.models import InboundMail, Mailbox, MailRule, Ticket
from helpdesk.selectors import mail_pages
from tests.factories.customers import make_customer
from tests.factories.helpdesk import make_department, make_reason, make_ticket
from tests.factories.people import client_of, in_role, make_person
from tests.helpdesk.mail.letters import HELP, NOW, kept, letter, mailbox, take

pytestmark = pytest.mark.django_db
BOB = "bob@elsewhere.example"


@pytest.fixture
def dora() -> Client:
    return client_of(in_role("dora", "support"))


@pytest.fixture
def chief() -> Client:
    return client_of(in_role("chief", "manager"))


@pytest.fixture
def from_bob() -> InboundMail:
    return take(letter("Is this <b>you</b>?", sender=BOB, subject="Hello"))


def test_dora_sees_bobs_mail_and_opens_a_ticket_for_it(dora: Client, from_bob: InboundMail) -> None:
    alice = make_customer()
    assert "Hello" in dora.get(reverse("helpdesk:mail-triage")).text
    page = dora.get(reverse("helpdesk:mail-message", args=[from_bob.pk])).text
    assert "Is this &lt;b&gt;you&lt;/b&gt;?" in page
    dora.post(reverse("helpdesk:mail-accept", args=[from_bob.pk]), {"customer": alice.code})
    ticket = Ticket.objects.get()
    from_bob.refresh_from_db()
    assert (ticket.customer, ticket.requester_email, from_bob.ticket) == (alice, BOB, ticket)
    assert "Hello" not in dora.get(reverse("helpdesk:mail-triage")).text


def test_she_puts_it_on_a_ticket_that_is_there(dora: Client, from_bob: InboundMail) -> None:
    ticket = make_ticket(make_customer(), now=NOW)
    url = reverse("helpdesk:mail-accept", args=[from_bob.pk])
    assert "There is no ticket of this number." in dora.post(url, {"ticket": ticket.pk + 1}).text
    dora.post(url, {"ticket": ticket.pk})
    assert list(ticket.posts.values_list("author_email", flat=True))[-1] == BOB


def test_it_is_decided_once(dora: Client, from_bob: InboundMail) -> None:
    dora.post(reverse("helpdesk:mail-discard", args=[from_bob.pk]))
    again = dora.post(reverse("helpdesk:mail-accept", args=[from_bob.pk]), {})
    assert "Somebody decided about this message meanwhile." in again.text
    assert not Ticket.objects.exists()


def test_she_leaves_many_be_at_once_and_none_that_was_decided(dora: Client, from_bob: InboundMail) -> None:
    others = [take(letter("Buy now", sender=f"s{one}@spam.example", subject=f"Offer {one}")) for one in "ab"]
    dora.post(reverse("helpdesk:mail-accept", args=[from_bob.pk]), {})
    url = reverse("helpdesk:mail-triage-bulk", args=["leave"])
    done = dora.post(url, {"_given": "1", "ids": [one.pk for one in (from_bob, *others)]})
    assert done.status_code in (200, 204, 302), done.text
    assert "Offer" not in dora.get(reverse("helpdesk:mail-triage")).text
    assert [one.decided_by.name for one in InboundMail.objects.order_by("pk")] == ["dora"] * 3
    assert Ticket.objects.count() == 1
    assert (
        client_of(make_person("Carol")).post(url, {"_given": "1", "ids": [others[0].pk]}).status_code == 403
    )


def test_the_message_comes_out_as_it_came_to_be_saved(dora: Client, from_bob: InboundMail) -> None:
    answer = dora.get(reverse("helpdesk:mail-raw", args=[from_bob.pk]))
    assert b"".join(answer.streaming_content) == kept(from_bob)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_s30_a_mail_is_shown_as_it_was_written_where_it_can_do_nothing(dora: Client) -> None:
    make_customer(contact={"email": "alice@wonderland.example"})
    body = (
        "--r\nContent-Type: text/html\n\n<p onclick=x id=y>Look</p><script>z</script><img src='cid:pic@a'>"
        "<img src='https://t.example/1'>\n--r\nContent-Type: image/png\nContent-ID: <pic@a>\n"
        "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--r--\n"
    )
    mail = take(letter(body, kind="multipart/related; boundary=r"))
    assert mail.post is not None
    answer = dora.get(reverse("helpdesk:mail-as-written", args=[mail.post.pk]))
    picture = reverse("helpdesk:mail-picture", args=[mail.post.pk, mail.post.files.get().pk])
    assert f'<img src="{picture}"' in answer.text
    assert not any(bad in answer.text for bad in ("onclick", "<script", "id=", "t.example"))
    assert answer.headers["Content-Security-Policy"].startswith("sandbox allow-same-origin")
    assert "script" not in answer.headers["Content-Security-Policy"]
    served = dora.get(picture)
    assert (served.headers["Content-Type"], b"".join(served.streaming_content)[:4]) == (
        "image/png",
        b"\x89PNG",
    )


def test_what_only_says_that_it_is_a_picture_is_none(dora: Client) -> None:
    make_customer(contact={"email": "alice@wonderland.example"})
    body = (
        "--r\nContent-Type: text/html\n\n<p>x</p>\n--r\nContent-Type: image/png\nContent-ID: <pic@a>\n"
        "Content-Transfer-Encoding: base64\n\nPHNjcmlwdD4=\n--r--\n"
    )
    mail = take(letter(body, kind="multipart/related; boundary=r"))
    assert mail.post is not None
    url = reverse("helpdesk:mail-picture", args=[mail.post.pk, mail.post.files.get().pk])
    assert dora.get(url).status_code == 404


def test_who_has_no_right_sees_no_mail(from_bob: InboundMail) -> None:
    carol = client_of(make_person("carol"))
    for name in ("helpdesk:mail-message", "helpdesk:mail-raw", "helpdesk:mail-accept"):
        assert carol.get(reverse(name, args=[from_bob.pk])).status_code == 403
    assert carol.get(reverse("helpdesk:mailboxes")).status_code == 403


BOX = {
    "address": "Sales@ISP.example",
    "host": "imap.isp.example",
    "port": "993",
    "username": "sales",
    "active": "on",
}


def test_the_manager_keeps_mailboxes_with_their_passwords(chief: Client) -> None:
    sales = make_department("Sales")
    data = BOX | {"department": sales.pk, "tls": "on", "password": "open-sesame"}
    chief.post(reverse("helpdesk:mailbox-new"), data)
    box = Mailbox.objects.get()
    assert (box.address, box.password_last_four) == ("sales@isp.example", "same")
    url = reverse("helpdesk:mailbox-edit", args=[box.pk])
    assert "open-sesame" not in chief.get(url).text
    chief.post(url, data | {"password": "", "address": "buy@isp.example"})
    box.refresh_from_db()
    assert box.password
    assert "sesame" not in chief.get(reverse("helpdesk:mailboxes")).text


def test_s20_another_server_never_gets_the_password_of_this_one(chief: Client) -> None:
    box = mailbox(host="imap.isp.example", username="help", password="open-sesame")
    data = BOX | {"address": HELP, "department": box.department_id, "tls": "on", "username": "help"}
    chief.post(reverse("helpdesk:mailbox-edit", args=[box.pk]), data | {"host": "imap.evil.example"})
    box.refresh_from_db()
    assert (box.host, bool(box.password)) == ("imap.evil.example", False)


def test_trying_a_mailbox_says_what_is_wrong(chief: Client) -> None:
    box = mailbox(host="127.0.0.1", username="help", password="x")
    answer = chief.post(reverse("helpdesk:mailbox-try", args=[box.pk]))
    assert "inside our own network" in answer.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"closes": "on"}, "at least one of these"),
        ({"subject": "x"}, "at least one of these"),
        ({"subject": "x", "closes": "on"}, "Choose why it is closed."),
    ],
)
def test_a_rule_says_what_it_wants_and_what_it_does(chief: Client, data: dict[str, str], said: str) -> None:
    assert said in chief.post(reverse("helpdesk:mail-rule-new"), {"position": "1"} | data).text
    assert not MailRule.objects.exists()


def test_the_manager_keeps_rules(chief: Client) -> None:
    reason = make_reason()
    chief.post(
        reverse("helpdesk:mail-rule-new"),
        {"position": "1", "subject": "spam", "closes": "on", "reason": str(reason.pk)},
    )
    assert MailRule.objects.get().reason == reason
    assert "subject has “spam”" in chief.get(reverse("helpdesk:mail-rules")).text


def test_of_a_long_message_the_beginning_is_shown(
    dora: Client, from_bob: InboundMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = reverse("helpdesk:mail-message", args=[from_bob.pk])
    assert "This is a long message" not in dora.get(url).text
    long = take(letter("Begin " + "x" * 3_000 + " end", sender=BOB))
    monkeypatch.setattr(mail_pages, "SHOWN", 2_000)
    page = dora.get(reverse("helpdesk:mail-message", args=[long.pk])).text
    assert "This is a long message" in page
    assert "Begin xxx" in page
    assert "xxx end" not in page


def test_mail_is_found_by_its_sender_and_by_its_subject(dora: Client, from_bob: InboundMail) -> None:
    take(letter(sender="carol@elsewhere.example", subject="Invoice for May"))
    for words, found in (("BOB@else", "Hello"), ("hell", "Hello"), ("invoice F", "Invoice for May")):
        page = dora.get(reverse("helpdesk:mail-triage"), {"q": words}).text
        assert [subject for subject in ("Hello", "Invoice for May") if subject in page] == [found]
    assert "Hello" not in dora.get(reverse("helpdesk:mail-triage"), {"q": "100%"}).text


def test_mail_is_found_by_index_among_much(from_bob: InboundMail) -> None:
    InboundMail.objects.bulk_create(
        InboundMail(
            mailbox_id=from_bob.mailbox_id,
            key=f"{number:064}",
            outcome="ignored",
            sender=f"news{number}@shop{number % 7}.example",
            subject=f"Offer {number} of the week",
        )
        for number in range(20_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE helpdesk_inboundmail")
    newest = InboundMail.objects.order_by("-pk").values_list("pk", flat=True)
    assert "mail_of_sender" in newest.filter(sender__startswith="bob@")[:500].explain()
    assert "mail_by_subject" in newest.filter(subject__istartswith="hello")[:500].explain()
    assert mail_pages.found_by(InboundMail.objects.all(), "bob@", 500) == {from_bob.pk}
