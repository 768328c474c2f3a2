"""What people and rights add to the shell: rights, menu, preferences, jobs."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy

from herotill.demo import DemoPart, demo_parts
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.portal import PortalEntry, portal_menu
from herotill.retention import Kept, kinds
from herotill.secrets import EncryptedStore, encrypted_stores
from herotill.users import saying  # noqa: F401
from herotill.users.choices import Choice, choices, one_of
from herotill.users.grants import right
from herotill.users.models import Session
from herotill.users.services import links, reencryption
from herotill.users.services.demo import make_people

portal_menu.register(PortalEntry("home", gettext_lazy("Home"), "users:portal-home", "home", 10))

PEOPLE, ROLES = "Setup: people", "Setup: roles and rights"
right("users.view_user", "see who is on the staff", screen=PEOPLE, to=("manager",))
right("users.add_user", "take somebody on", screen=PEOPLE)
right("users.change_user", "change people and switch log-ins off", screen=PEOPLE)
right("users.end_logins", "log others out", screen=PEOPLE, to=("manager",))
right("users.reset_credentials", "reset the password or second factor of others", screen=PEOPLE)
right("users.view_role", "see roles and who holds which right", screen=ROLES, to=("manager",))
right("users.add_role", "make roles", screen=ROLES)
right("users.change_role", "change roles and demand a second factor", screen=ROLES)
right("users.grant_rights", "give rights to roles and roles to people", screen=ROLES)
right("users.approve_rights", "approve money rights that somebody else gave", screen=ROLES, to=("manager",))

SETUP_PAGES = (
    ("people", "People", "users:people", "users.view_user", "users", "Who works here, and what each may do."),
    (
        "roles",
        "Roles",
        "users:roles",
        "users.view_role",
        "identification",
        "Bundles of rights, such as accounts or support.",
    ),
    (
        "rights",
        "Rights",
        "users:matrix",
        "users.view_role",
        "table-cells",
        "Every right, and which roles hold it.",
    ),
    (
        "approvals",
        "Rights to approve",
        "users:approvals",
        "users.view_role",
        "check-badge",
        "Money rights that wait for a second person.",
    ),
)
for place, (name, label, url_name, permission, icon, about) in enumerate(SETUP_PAGES, start=1):
    menu.register(
        MenuEntry(f"setup.{name}", label, url_name, permission, icon, place * 10, parent="setup", about=about)
    )

choices.register(Choice("theme", one_of("auto", "light", "dark")))
choices.register(Choice("density", one_of("compact", "normal", "comfortable")))
choices.register(Choice("nav", one_of("full", "icons")))
choices.register(Choice("keys", one_of("on", "off")))


def _answer(now: datetime) -> str:
    return f"{links.answer_asked(now=now)} links owed to those who asked."


def _forget(now: datetime) -> str:
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    return f"{sessions} log-ins and {links.forget_old(now=now)} links forgotten."


jobs.register(
    Job("log-in-mail", "Answers those who forgot their password", Queue.MESSAGES, _answer, "every minute")
)
kinds.register(
    Kept(
        name="log-ins",
        title="Log-ins and links that are over",
        period=lambda rules: "Until they are over",
        forget=_forget,
        order=70,
    )
)
demo_parts.register(DemoPart("people", make_people, order=10))
encrypted_stores.register(EncryptedStore("second factors", reencryption.second_factors))
