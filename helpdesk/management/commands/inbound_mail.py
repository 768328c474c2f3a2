from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from helpdesk.models import Mailbox
from helpdesk.services import inbound
from herotill import audit

log = logging.getLogger(__name__)
TRY_LATER = 75  # EX_TEMPFAIL: the mail server keeps the message and brings it again


class Command(BaseCommand):
    help = "Takes in one message from the mail server: inbound_mail --mailbox ADDRESS < message"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mailbox",
            required=True,
            help="Its address, or what stands before the @ where that says enough.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read()
        try:
            mailbox = _mailbox(options["mailbox"])
            with audit.acting(source="mail"):
                mail = inbound.ingest(raw=raw, mailbox=mailbox, now=timezone.now())
        except CommandError:
            raise
        except Exception as trouble:
            log.exception("A message for %s was not taken in.", options["mailbox"])
            raise CommandError("Not taken in; try later.", returncode=TRY_LATER) from trouble
        self.stdout.write(
            f"{mail.get_outcome_display()}{f', ticket {mail.ticket_id}' if mail.ticket_id else ''}"
        )


def _mailbox(named: str) -> Mailbox:
    wanted = named.strip().lower()
    found = Mailbox.objects.filter(active=True).select_related("department")
    found = found.filter(address=wanted) if "@" in wanted else found.filter(address__startswith=f"{wanted}@")
    boxes = list(found[:2])
    if len(boxes) != 1:
        raise CommandError(f"There is no mailbox {named!r}, or more than one.", returncode=TRY_LATER)
    return boxes[0]
