"""Makes a small set of acceptance data for inbound mail, for machines that have no other.

    python -m tests.acceptance.makemail FOLDER

writes world.json, the messages and expected.json into FOLDER/mail. What is expected of each is written down by
hand beside it; nothing here asks the product. All people are invented.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HEAD = "Return-Path: <{sender}>\nFrom: Alice <{sender}>\nTo: {to}\nDate: Mon, 16 Mar 2026 09:00:00 +0200\n"
PLAIN = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
ALICE, CAROL, STRANGER = "alice@wonderland.example", "carol@wonderland.example", "who@elsewhere.example"
HELP = "help@isp.example"

WORLD: dict[str, Any] = {
    "now": "2026-03-16T10:00:00+02:00",
    "isp": "Looking-glass",
    "tickets_domain": "tickets.isp.example",
    "authserv_id": "mx.isp.example",
    "loop_header": "X-HeroTill-Loop",
    "reply_marker": "## Please type your reply above this line ##",
    "limits": {
        "message_bytes": 20000,
        "header_bytes": 4000,
        "attachment_bytes": 3000,
        "attachments": 2,
        "reopen_days": 14,
        "date_past_days": 30,
        "date_future_hours": 24,
        "subject_chars": 60,
        "name_chars": 20,
    },
    "blocked_extensions": ["exe", "js"],
    "document_extensions": ["pdf", "doc"],
    "mailboxes": [{"address": HELP, "department": "Support"}],
    "staff": [{"name": "Dora", "email": "dora@isp.example"}],
    "customers": [
        {
            "code": "ALI001",
            "name": "Alice Liddel",
            "contacts": [{"name": "Alice", "email": ALICE}, {"name": "Books", "email": "books@club.example"}],
        },
        {
            "code": "BOB001",
            "name": "Bob",
            "contacts": [{"name": "Books", "email": "Books@Club.Example"}, {"name": "Carol", "email": CAROL}],
        },
    ],
    "tickets": [
        {"id": 7, "token": "abc123defg", "status": "open", "closed_at": None, "merged_into": None},
        {"id": 8, "token": "hij456klmn", "status": "closed", "closed_at": "2026-03-10T08:00:00+02:00"},
        {"id": 9, "token": "opq789rstu", "status": "closed", "closed_at": "2026-01-10T08:00:00+02:00"},
    ],
    "seen_message_ids": ["yesterday@club.example"],
}
EMPTY: dict[str, Any] = {
    **dict.fromkeys(
        "reason ticket linked_ticket department customer_code from subject date text text_length".split()
    ),
    **{name: [] for name in "candidates attachments refused_attachments failed_recipients flags".split()},
}


def mail(head: str, body: str, *, sender: str = ALICE, to: str = HELP, kind: str = PLAIN) -> bytes:
    return (HEAD.format(sender=sender, to=to) + head + kind + body).encode()


def shown(outcome: str, sender: str, subject: str, text: str, **more: Any) -> dict[str, Any]:
    seen = {"from": sender, "subject": subject, "date": "2026-03-16T07:00:00Z", "department": "Support"}
    return {**EMPTY, "outcome": outcome, **seen, "text": text[:80], "text_length": len(text), **more}


def given() -> list[tuple[str, bytes, dict[str, Any]]]:
    """Each case: its label, the message, what must become of it."""
    attached = (
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee.\n"
        "--b\nContent-Type: application/pdf; name=bill.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==\n"
        "--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=bill.pdf.exe\n\nx\n--b--\n"
    )
    bounced = (
        "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {CAROL}\nAction: failed\n\n--b\nContent-Type: text/rfc822-headers\n\n"
        "Message-ID: <ticket-7.abc123defg@tickets.isp.example>\n\n--b--\n"
    )
    html = "MIME-Version: 1.0\nContent-Type: text/html\n\n"
    alice, nobody = {"customer_code": "ALI001"}, {"sender": STRANGER}
    return [
        (
            "plain",
            mail("Message-ID: <1@a>\nSubject: Slow\n", "It is slow.\n-- \nAlice\n"),
            shown("new_ticket", ALICE, "Slow", "It is slow.", **alice),
        ),
        (
            "duplicate",
            mail("Message-ID: <1@a>\nSubject: Slow\n", "Again"),
            {**EMPTY, "outcome": "duplicate"},
        ),
        (
            "seen before",
            mail("Message-ID: <yesterday@club.example>\n", "Old"),
            {**EMPTY, "outcome": "duplicate"},
        ),
        (
            "reply",
            mail(
                "Message-ID: <2@a>\nSubject: Re\nReferences: <ticket-7.abc123defg@tickets.isp.example>\n",
                "Yes.\n\nOn Monday we\nwrote:\n> No?",
            ),
            shown("reply", ALICE, "Re", "Yes.", ticket=7, **alice),
        ),
        (
            "reopen",
            mail("Message-ID: <3@a>\nSubject: Re\n", "Again.", to="Help <help+8-HIJ456klmn@isp.example>"),
            shown("reopen", ALICE, "Re", "Again.", ticket=8, **alice),
        ),
        (
            "closed long ago",
            mail("Message-ID: <4@a>\nSubject: [#9] Re\n", "Once more."),
            shown("new_ticket", ALICE, "[#9] Re", "Once more.", linked_ticket=9, **alice),
        ),
        (
            "not trusted",
            mail("Message-ID: <5@a>\nSubject: [#7] me\n", "Pay.", **nobody),
            shown("triage", STRANGER, "[#7] me", "Pay.", flags=["subject_not_trusted"]),
        ),
        (
            "shared",
            mail("Message-ID: <6@a>\nSubject: Both\n", "Hi.", sender="books@club.example"),
            shown(
                "new_ticket",
                "books@club.example",
                "Both",
                "Hi.",
                candidates=["ALI001", "BOB001"],
                flags=["shared_sender"],
            ),
        ),
        (
            "spoofed",
            mail("Message-ID: <7@a>\nSubject: Pay\n", "Pay.", sender="dora@isp.example"),
            shown("triage", "dora@isp.example", "Pay", "Pay.", flags=["spoofed_staff"]),
        ),
        (
            "away",
            mail("Message-ID: <8@a>\nAuto-Submitted: auto-replied\n", "I am away."),
            {**EMPTY, "outcome": "ignored", "reason": "auto_submitted"},
        ),
        ("no sender", b"To: x\n\nHello", {**EMPTY, "outcome": "refused", "reason": "no_sender"}),
        (
            "bounce",
            mail("Message-ID: <9@a>\n", "", sender="mailer-daemon@mx.example", kind=bounced),
            {
                **EMPTY,
                "outcome": "bounce",
                "ticket": 7,
                "customer_code": "BOB001",
                "failed_recipients": [CAROL],
            },
        ),
        (
            "attachments",
            mail("Message-ID: <10@a>\nSubject: Bill\n", "", kind=attached),
            shown(
                "new_ticket",
                ALICE,
                "Bill",
                "See.",
                attachments=[{"name": "bill.pdf", "size": 4, "inline": False}],
                refused_attachments=[{"name": "bill.pdf.exe", "reason": "double_extension"}],
                **alice,
            ),
        ),
        (
            "html",
            mail(
                "Message-ID: <11@a>\nSubject: Page\n",
                "<p onclick=x>Hello</p><img src='//a.example/p'><blockquote>old</blockquote>",
                kind=html,
            ),
            shown(
                "new_ticket", ALICE, "Page", "Hello", flags=["remote_images_blocked", "sanitised"], **alice
            ),
        ),
    ]


def make(folder: Path) -> None:
    """Writes the set into `folder`/mail."""
    target = folder / "mail"
    target.mkdir(parents=True, exist_ok=True)
    files = [f"{number:03}.eml" for number in range(1, len(given()) + 1)]
    for file, (_label, raw, _expected) in zip(files, given(), strict=True):
        (target / file).write_bytes(raw)
    expected = [
        {"file": file, "case": label, "mailbox": HELP, **expect}
        for file, (label, _raw, expect) in zip(files, given(), strict=True)
    ]
    about = {"merged_into": None, "department": "Support", "customer_code": "ALI001", "requester": ALICE}
    world = {
        **WORLD,
        "tickets": [{**about, **ticket} for ticket in WORLD["tickets"]],
        "deliveries": [{"file": file, "mailbox": HELP} for file in files],
    }
    (target / "world.json").write_text(json.dumps(world))
    (target / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
