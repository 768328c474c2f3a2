"""People who log in, each with just the rights their story needs."""

from __future__ import annotations

from django.contrib.auth.models import Permission

from herotill.users.models import User


def make_person(name: str, *rights: str) -> User:
    """A member of staff called `name` who holds these rights (`app.codename`) and no others."""
    person = User.objects.create_user(username=name.lower(), password=None, name=name, kind=User.Kind.STAFF)
    for right in rights:
        app, codename = right.split(".")
        person.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return person
