from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from herotill.backups import making
from herotill.errors import DomainError


class Command(BaseCommand):
    help = "Backs up database and files, encrypted to public age keys; safe to kill, the next one clears up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default=settings.BACKUP_DIR, help="the folder; otherwise BACKUP_DIR")
        parser.add_argument(
            "--keep", type=int, default=0, help="afterwards take away all but so many of the newest"
        )

    def handle(self, *args: Any, to: str, keep: int, **options: Any) -> None:
        if not to:
            raise CommandError("Say --to FOLDER, or set BACKUP_DIR.")
        try:
            made = making.make(to=Path(to), recipients=settings.BACKUP_RECIPIENTS, now=timezone.now())
        except DomainError as no:
            raise CommandError(str(no)) from no
        except OSError as no:
            raise CommandError(f"It could not be written: {no}.") from no
        self.stdout.write(str(made))
        for name in making.prune(folder=Path(to), keep=keep):
            self.stdout.write(f"{name} was taken away.")
