"""Mailboxes and mail rules in Setup."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing.views.dialogs import answer
from helpdesk.forms.mail import MailboxForm, MailRuleForm
from helpdesk.models import Mailbox, MailRule
from helpdesk.services.inbound import polling
from herotill.access import staff_view
from herotill.errors import DomainError, IntegrationError
from herotill.forms import Form
from herotill.pages import posted

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@staff_view("helpdesk.add_mailbox")
def new_mailbox(request: HttpRequest) -> HttpResponse:
    """Add a mailbox."""
    return _mailbox(request, None, "New mailbox")


@require_http_methods(METHODS)
@staff_view("helpdesk.change_mailbox")
def edit_mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a mailbox."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    return _mailbox(request, mailbox, f"Change {mailbox}", try_url=reverse("helpdesk:mailbox-try", args=[pk]))


def _mailbox(request: HttpRequest, mailbox: Mailbox | None, title: str, **more: Any) -> HttpResponse:
    def do(form: MailboxForm) -> tuple[str, str]:
        return f"Mailbox {form.save()} saved.", reverse("helpdesk:mailboxes")

    form = MailboxForm(posted(request), instance=mailbox)
    return answer(
        request,
        form=form,
        title=title,
        press="Save mailbox",
        do=do,
        stays=True,
        template="helpdesk/mail/_mailbox.html",
        **more,
    )


@require_http_methods(METHODS)
@staff_view("helpdesk.change_mailbox")
def try_mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    """Log in to the mailbox's server and see what waits; nothing is fetched."""
    mailbox = get_object_or_404(Mailbox, pk=pk)

    def do(form: Any) -> tuple[str, str]:
        try:
            count = polling.look(mailbox=mailbox)
        except IntegrationError as trouble:
            raise DomainError(str(trouble)) from trouble
        return f"It works: {count} messages wait in {mailbox}.", reverse("helpdesk:mailboxes")

    return answer(
        request,
        form=Form(posted(request)),
        title=f"Try {mailbox}",
        press="Log in there now",
        do=do,
        stays=True,
    )


@require_http_methods(METHODS)
@staff_view("helpdesk.add_mailrule")
def new_rule(request: HttpRequest) -> HttpResponse:
    """Add a mail rule."""
    return _rule(request, None, "New mail rule")


@require_http_methods(METHODS)
@staff_view("helpdesk.change_mailrule")
def edit_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a mail rule."""
    return _rule(request, get_object_or_404(MailRule, pk=pk), "Change mail rule")


def _rule(request: HttpRequest, rule: MailRule | None, title: str) -> HttpResponse:
    def do(form: MailRuleForm) -> tuple[str, str]:
        return f"{form.save()} saved.", reverse("helpdesk:mail-rules")

    form = MailRuleForm(posted(request), instance=rule)
    return answer(request, form=form, title=title, press="Save rule", do=do, stays=True)
