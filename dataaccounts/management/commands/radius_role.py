"""manage.py radius_role: FreeRADIUS's role in the database, with the rights it needs."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dataaccounts.services import radius_role
from herotill.errors import DomainError


class Command(BaseCommand):
    """Safe to run again."""

    help = (
        "Give FreeRADIUS's role herotill_radius its rights, making it first where it is missing. With"
        " RADIUS_DB_PASSWORD in the environment it may log in with that password."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            radius_role.let_in(password=os.environ.get("RADIUS_DB_PASSWORD") or None)
        except DomainError as no:
            raise CommandError(str(no)) from no
        self.stdout.write(f"{radius_role.ROLE} has the rights that FreeRADIUS needs.")
