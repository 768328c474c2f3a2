from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone

from herotill.demo import DemoOrder, demo_parts


class Command(BaseCommand):
    """Make a believable ISP: the same seed makes the same one, and what stands already is left alone."""

    help = "Make demo data: a believable ISP of N customers with M months of history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customers", type=int, default=300)
        parser.add_argument("--months", type=int, default=24)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        order = DemoOrder(
            customers=options["customers"],
            months=options["months"],
            seed=options["seed"],
            today=timezone.localdate(),
            say=self.stdout.write,
            now=timezone.now(),
        )
        for part in demo_parts:
            part.make(order)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
