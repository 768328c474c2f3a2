from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from herotill.secrets import reencrypt
from herotill.secrets.rotation import BATCH


class Command(BaseCommand):
    help = (
        "Bring every stored secret under the newest key of FIELD_ENCRYPTION_KEYS. Put the new key first, restart, "
        "run this, then take the old key away. Can be killed and run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="rows in one transaction")

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        changed: Counter[str] = Counter()
        for where, count in reencrypt(batch=batch):
            changed[where] += count
        for where, count in changed.items():
            self.stdout.write(f"{where}: {count}")
        self.stdout.write(f"{changed.total()} secrets were brought under the newest key.")
