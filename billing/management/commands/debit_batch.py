"""Builds or finds the debit batch of a billing group; `--out` writes its file once it is released."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.collecting import channels
from billing.models import CollectionBatch
from billing.selectors.batch_pages import draft_or_later
from billing.services import batches
from customers.models import BillingGroup
from herotill import audit
from herotill.errors import DomainError
from herotill.money import rand
from herotill.users.models import User


class Command(BaseCommand):
    help = (
        "Builds or finds the debit batch of a billing group and date. --out writes a released batch's file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--billing-group", required=True, help="the group's name")
        parser.add_argument("--action-date", required=True, type=date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument(
            "--due-upto", type=date.fromisoformat, help="due by; the action date if not given"
        )
        parser.add_argument("--channel", default="netcash", help="the bank format")
        parser.add_argument("--out", type=Path, help="where the file goes")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with audit.acting(source="command: debit_batch"):
                batch = self._batch(options)
                if options["out"]:
                    batch = self._written(batch, options["out"])
        except DomainError as no:
            raise CommandError(str(no)) from no
        self.stdout.write(
            f"{batch.name}: {batch.get_state_display().lower()}, {batch.lines:,} lines, {rand(batch.total)}."
        )

    def _batch(self, options: dict[str, Any]) -> CollectionBatch:
        group = BillingGroup.objects.filter(name=options["billing_group"]).first()
        channel = channels.get(options["channel"])
        if group is None:
            raise DomainError(f"There is no billing group called {options['billing_group']!r}.")
        if channel is None:
            raise DomainError(f"There is no channel called {options['channel']!r}.")
        day = options["action_date"]
        found = draft_or_later(group=group, action_date=day, method=channel.method)
        return found or batches.build(
            group=group,
            action_date=day,
            due_upto=options["due_upto"] or day,
            method=channel.method,
            channel=channel.name,
            actor=None,
            now=timezone.now(),
        )

    def _written(self, batch: CollectionBatch, out: Path) -> CollectionBatch:
        if batch.state == CollectionBatch.State.DRAFT and settings.DEMO:
            batch = self._released(batch)
        content = batches.file_of(batch=batch, actor=None, now=timezone.now())
        out.write_bytes(content)
        self.stdout.write(f"{len(content):,} bytes in {out}.")
        batch.refresh_from_db()
        return batch

    def _released(self, batch: CollectionBatch) -> CollectionBatch:
        """Only in the demo, where everybody knows the passwords: as `manager`."""
        manager = User.objects.filter(username="manager").first()
        if manager is None:
            raise DomainError("There is no manager who could release it.")
        return batches.release(batch=batch, actor=manager, now=timezone.now())
