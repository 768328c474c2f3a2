"""Mail that came in: the message, what is decided about it, and how it came."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.views.dialogs import answer
from helpdesk.forms.mail import TriageForm
from helpdesk.models import InboundMail, Post
from helpdesk.selectors import mail_pages as reading
from helpdesk.services.inbound import triage
from herotill.access import may, staff_view
from herotill.clock import stamp
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.pages import posted

SEE, DECIDE, TICKETS = "helpdesk.view_inboundmail", "helpdesk.triage_mail", "helpdesk.view_ticket"
# Nothing acts, nothing is fetched but the pictures that came with the mail.
AS_MAIL = "sandbox allow-same-origin allow-popups; default-src 'none'; img-src 'self'; style-src 'self'"


@require_safe
@staff_view(SEE)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """A message: from whom, what became of it, what it says."""
    mail = _one(pk)
    to_decide = mail.outcome == "triage" and not mail.decided_at and may(request.user, DECIDE)
    context = {
        "page_title": mail.subject or "Mail",
        "mail": mail,
        "reason": mail.reason.replace("_", " "),
        "flags": [flag.replace("_", " ") for flag in mail.flags],
        "content": reading.content(mail),
        "candidates": reading.candidates(mail),
        "to_decide": to_decide,
    }
    request.menu_entry = "helpdesk.mail-triage" if to_decide else "helpdesk.mail"  # type: ignore[attr-defined]
    return render(request, "helpdesk/mail/show.html", context)


def _one(pk: int) -> InboundMail:
    found = InboundMail.objects.select_related("mailbox__department", "ticket", "customer", "decided_by")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(DECIDE)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a message on a ticket, or open one for it."""
    mail, user = _one(pk), request.user

    def do(form: TriageForm) -> tuple[str, str]:
        ticket = triage.accept(mail=mail, actor=user, now=stamp(), **form.cleaned_data)  # type: ignore[arg-type]
        return f"It is on ticket #{ticket.pk}.", reverse("helpdesk:ticket", args=[ticket.pk])

    form = TriageForm(posted(request), person=user, initial={"department": mail.mailbox.department_id})
    return answer(request, form=form, title=f"Take in: {mail.subject}", press="Take it in", do=do)


@require_POST
@staff_view(DECIDE)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a message be."""
    try:
        triage.discard(mail=_one(pk), actor=request.user, now=stamp())  # type: ignore[arg-type]
    except DomainError as no:
        messages.error(request, str(no))
        return redirect("helpdesk:mail-message", pk)
    messages.success(request, "The message is left be. It stays in the list of mail.")
    return redirect("helpdesk:mail-triage")


@require_safe
@staff_view(SEE)
def raw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A message as it came, to be saved."""
    mail = _one(pk)
    if not reading.is_kept(mail):
        raise Http404("This message is no longer kept.")
    return as_download(FileResponse(mail.raw.open(), content_type="message/rfc822"), f"mail-{mail.pk}.eml")


@require_safe
@staff_view(TICKETS)
def as_written(request: HttpRequest, pk: int) -> HttpResponse:
    """A post as the mail was written, cleaned, in a page of its own that can do nothing."""
    post = get_object_or_404(Post.objects.exclude(html=""), pk=pk)
    body = reading.with_pictures(post)
    response = HttpResponse(render_to_string("helpdesk/mail/as_written.html", {"post": post, "body": body}))
    response.headers["Content-Security-Policy"] = AS_MAIL
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@staff_view(TICKETS)
def picture(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A picture that stands in a mail."""
    found: Any = reading.picture(pk, file)
    if found is None:
        raise Http404("There is no such picture.")
    response = FileResponse(found.file.open(), content_type=found.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
