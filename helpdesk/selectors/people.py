"""Who works on tickets."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from helpdesk.models import Department, Membership
from herotill.users.grants import ADMINISTRATOR
from herotill.users.models import User


def who_answer() -> QuerySet[User]:
    """Staff who may be given tickets, by name: who holds the right to answer, and who is in a department.

    Not whoever holds that right only because they hold every right.
    """
    right = Q(permissions__codename="answer_ticket", permissions__content_type__app_label="helpdesk")
    roles = Group.objects.filter(right).exclude(name=ADMINISTRATOR)
    members = Membership.objects.filter(department__retired=False).values("user")
    people = User.objects.filter(
        Q(groups__in=roles) | Q(pk__in=members), kind=User.Kind.STAFF, is_active=True
    )
    return people.order_by("name", "username").distinct()


def departments_of(user: User) -> list[Department]:
    """The departments somebody works in, by name."""
    return list(Department.objects.filter(members=user, retired=False))
