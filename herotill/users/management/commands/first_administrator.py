from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from herotill.errors import DomainError
from herotill.users.models import User
from herotill.users.services import administrators


class Command(BaseCommand):
    help = (
        "Makes the first administrator of an installation and asks for the password, or reads it from standard input "
        "where that is no terminal. Refuses where an administrator may log in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", required=True, help="where links to set the password go")

    def handle(self, *args: Any, username: str, name: str, email: str, **options: Any) -> None:
        password = _asked() if sys.stdin.isatty() else sys.stdin.readline().strip()
        try:
            validate_password(password, User(username=username, name=name, email=email))
            administrators.make_first(username=username, name=name, email=email, password=password)
        except ValidationError as no:
            raise CommandError(" ".join(no.messages)) from no
        except DomainError as no:
            raise CommandError(str(no)) from no
        self.stdout.write(f"{username} is an administrator now and logs in at /login/.")


def _asked() -> str:
    password = getpass("Password: ")
    if password != getpass("The same again: "):
        raise CommandError("The two are not the same.")
    return password
