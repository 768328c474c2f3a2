"""The demo's helpdesk before anybody asks: who is in which department, mailboxes, canned answers."""

from __future__ import annotations

from helpdesk.demo.words import CANNED
from helpdesk.models import CannedAnswer, Department, Mailbox, MailRule, Priority
from herotill.demo import DemoOrder
from herotill.users.models import User

MEMBERS = {
    "Support": ("support", "technician", "manager"),
    "Accounts": ("accounts", "collections"),
    "Sales": ("sales", "manager"),
    "Network": ("technician", "riaan"),
}


def make_desk(order: DemoOrder) -> None:
    """Members, standby, two mailboxes with a rule, and canned answers, once."""
    if Mailbox.objects.exists():
        return
    people = {user.username: user for user in User.objects.filter(kind=User.Kind.STAFF)}
    for department in Department.objects.filter(name__in=MEMBERS):
        names = [name for name in MEMBERS[department.name] if name in people]
        department.members.add(*(people[name] for name in names))
        if department.name in ("Support", "Network") and "technician" in people:
            department.standby = people["technician"]
            department.save()
    _mailboxes()
    for name, where, text in CANNED:
        whose = Department.objects.filter(name=where).first()
        CannedAnswer.objects.get_or_create(name=name, defaults={"department": whose, "text": text})


def _mailboxes() -> None:
    for address, name in (("support@isp.example", "Support"), ("accounts@isp.example", "Accounts")):
        department = Department.objects.filter(name=name).first() or Department.objects.earliest("pk")
        Mailbox.objects.create(address=address, department=department)
    MailRule.objects.create(
        position=1,
        subject="no internet",
        department=Department.objects.filter(name="Support").first(),
        priority=Priority.objects.filter(name="High").first() or Priority.objects.earliest("pk"),
    )
