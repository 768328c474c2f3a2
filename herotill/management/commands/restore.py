from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from herotill.backups import restoring
from herotill.errors import DomainError


class Command(BaseCommand):
    help = "Brings a backup back into an empty database and an empty MEDIA_ROOT."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, help="the folder of one backup")
        parser.add_argument("--identity", type=Path, required=True, help="a file with the private age key")
        parser.add_argument(
            "--unsealed", action="store_true", help="also one whose seal no key opens: nobody vouches for it"
        )

    def handle(self, *args: Any, backup: Path, identity: Path, unsealed: bool, **options: Any) -> None:
        try:
            for said in restoring.restore(backup=backup, identities=identity, unsealed=unsealed):
                self.stdout.write(said)
        except DomainError as no:
            raise CommandError(str(no)) from no
        self.stdout.write(
            f"Nothing goes out of it until somebody types {settings.INSTALLATION_NAME} under Setup, Installation."
        )
