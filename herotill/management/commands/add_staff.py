"""Take somebody on from the command line, where nobody is there to be the second person for their rights."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from herotill.errors import DomainError
from herotill.users.grants import ADMINISTRATOR
from herotill.users.models import User
from herotill.users.services import links, people


class Command(BaseCommand):
    """Who may type this holds the database anyway, so money rights take no second person here."""

    help = "Adds somebody to the staff and prints the link by which they set their password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument(
            "--role", action="append", help=f"May be given several times; {ADMINISTRATOR} without."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = set(options["role"] or [ADMINISTRATOR])
        roles = list(Group.objects.filter(name__in=wanted))
        if missing := wanted - {role.name for role in roles}:
            raise CommandError(f"There is no role {', '.join(sorted(missing))}.")
        try:
            url = self._add(options["username"], options["name"], options["email"], roles)
        except DomainError as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(
            f"{options['name']} is {', '.join(sorted(wanted))}. Set the password here, once:\n{url}"
        )

    @transaction.atomic
    def _add(self, username: str, name: str, email: str, roles: list[Group]) -> str:
        people.check_name(username)
        user = User.objects.create_user(username, None, kind=User.Kind.STAFF, name=name, email=email)
        user.groups.set(roles)
        link = links.make(user=user, email=email, actor=None)
        return links.hand_out(link=link, now=timezone.now())
