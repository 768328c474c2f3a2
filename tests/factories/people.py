"""People who log in, each with just the rights their story needs."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.test import Client

from herotill.users.models import Role, User
from herotill.users.selectors.rights import permissions


def make_person(name: str, *rights: str, email: str = "") -> User:
    """A member of staff called `name` who holds these rights (`app.codename`) and no others."""
    username = name.lower()
    person = User.objects.create_user(username, None, name=name, email=email, kind=User.Kind.STAFF)
    if rights:
        role = Role.objects.create(name=f"only {username}", label=f"Only {name}")
        found = permissions(rights)
        assert set(found) == set(rights), f"no such right: {set(rights) - set(found)}"
        role.permissions.set(found.values())
        person.groups.add(role.pk)
    return person


def in_role(name: str, *roles: str, email: str = "") -> User:
    """A member of staff called `name` in these roles of the product, such as accounts."""
    person = make_person(name, email=email)
    person.groups.set(Group.objects.filter(name__in=roles))
    return person


def client_of(person: User) -> Client:
    """A browser in which this person is logged in."""
    client = Client()
    client.force_login(person)
    return client
