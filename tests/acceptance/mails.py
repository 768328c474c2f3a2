"""A folder of inbound mail, what the helpdesk knows before it comes, and what must become of each message."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from helpdesk.policies.mail import outcome
from helpdesk.policies.mail.known import House, Judgement, Known, KnownTicket, Limits
from tests.acceptance import makemail

NEAR = Path(__file__).parents[2].parent / "shared" / "data"


def folder(own: Path) -> Path:
    """The folder mail/ of ACCEPTANCE_DATA; where there is none, the repository's own small set in `own`."""
    there = Path(os.environ.get("ACCEPTANCE_DATA", NEAR)) / "mail"
    if there.is_dir():
        return there
    warnings.warn(_note(there), stacklevel=2)
    makemail.make(own)
    return own / "mail"


def _note(there: Path) -> str:
    return f"No {there}: inbound mail is tried on the repository's own small set."


def house_of(world: Mapping[str, Any]) -> House:
    return House(
        tickets_domain=world["tickets_domain"],
        authserv_id=world["authserv_id"],
        loop_header=world["loop_header"],
        reply_marker=world["reply_marker"],
        limits=Limits(**world["limits"]),
        blocked_extensions=frozenset(world["blocked_extensions"]),
        document_extensions=frozenset(world["document_extensions"]),
        mailboxes={each["address"].lower(): each["department"] for each in world["mailboxes"]},
    )


def known_of(world: Mapping[str, Any]) -> Known:
    customers: dict[str, set[str]] = {}
    for customer in world["customers"]:
        for contact in customer["contacts"]:
            customers.setdefault(contact["email"].lower(), set()).add(customer["code"])
    return Known(
        now=datetime.fromisoformat(world["now"]),
        staff=frozenset(each["email"].lower() for each in world["staff"]),
        customers={address: frozenset(codes) for address, codes in customers.items()},
        tickets={each["id"]: _ticket(each) for each in world["tickets"]},
    )


def _ticket(given: Mapping[str, Any]) -> KnownTicket:
    closed_at = given["closed_at"]
    return KnownTicket(
        id=given["id"],
        token=given["token"],
        closed=given["status"] == "closed",
        closed_at=datetime.fromisoformat(closed_at) if closed_at else None,
        merged_into=given["merged_into"],
        department=given["department"],
        customer=given["customer_code"],
        requester=given["requester"],
    )


def judged(where: Path) -> Iterator[dict[str, Any]]:
    """What becomes of each message, in order of delivery, in the form of expected.json."""
    world = json.loads((where / "world.json").read_text())
    house, known = house_of(world), known_of(world)
    seen = {outcome.key_of(each) for each in world["seen_message_ids"]}
    for delivery in world["deliveries"]:
        read = outcome.read((where / delivery["file"]).read_bytes(), house)
        if isinstance(read, outcome.Letter):
            there = replace(known, seen=read.key in seen)
            seen.add(read.key)
            read = outcome.judge(read, mailbox=delivery["mailbox"].lower(), house=house, known=there)
        yield {"file": delivery["file"], "mailbox": delivery["mailbox"], **told(read)}


def told(found: Judgement) -> dict[str, Any]:
    text = None if found.text is None else found.words
    return {
        "outcome": found.outcome,
        "reason": found.reason,
        "ticket": found.ticket,
        "linked_ticket": found.linked_ticket,
        "department": found.department,
        "customer_code": found.customer,
        "candidates": list(found.candidates),
        "from": found.sender,
        "subject": found.subject,
        "date": found.date.strftime("%Y-%m-%dT%H:%M:%SZ") if found.date else None,
        "text": None if text is None else text[:80],
        "text_length": None if text is None else len(text),
        "attachments": [
            {"name": each.name, "size": each.size, "inline": each.inline} for each in found.attachments
        ],
        "refused_attachments": [
            {"name": name, "reason": reason} for name, reason in found.refused_attachments
        ],
        "failed_recipients": list(found.failed_recipients),
        "flags": list(found.flags),
    }
