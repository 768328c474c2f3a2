"""One message: what was said, what became of it, and what can still be done."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages as said
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.services import again
from herotill.messages.showing import shown
from herotill.users.models import User

SEE = "outbox.view_message"


@require_safe
@staff_view(SEE)
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a message; to htmx, a dialog."""
    found = shown(get_object_or_404(Message, pk=pk), now=timezone.now())
    in_dialog = bool(request.headers.get("HX-Request"))
    template = "messages/_dialog.html" if in_dialog else "messages/message.html"
    return render(
        request, template, _context(request, found.message) | {"shown": found, "page_title": found.name}
    )


def _context(request: HttpRequest, found: Message) -> dict[str, Any]:
    by = User.objects.filter(pk=found.queued_by).first() if found.queued_by else None
    return {
        "by": by,
        "may_send_again": found.state in again.OVER and may(request.user, "outbox.send_again"),
        "may_cancel": found.state in ("waiting", "held") and may(request.user, "outbox.cancel_message"),
        "may_release": found.state == "held" and may(request.user, "outbox.cancel_message"),
        "siblings": Message.objects.filter(again=found.pk).order_by("pk") if found.pk else [],
    }


@require_POST
@staff_view("outbox.send_again")
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it once more."""
    found, actor = get_object_or_404(Message, pk=pk), cast(User, request.user)
    try:
        copy = again.send_again(message=found, now=timezone.now(), actor_id=actor.pk)
    except DomainError as no:
        said.error(request, str(no))
        return redirect("message", pk=pk)
    said.success(request, "It goes out once more.")
    return redirect("message", pk=copy.pk)


@require_POST
@staff_view("outbox.cancel_message")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not say it."""
    return _done(request, pk, lambda found: again.cancel(message=found), "It will not be sent.")


@require_POST
@staff_view("outbox.cancel_message")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what was held back."""
    now = timezone.now()
    return _done(request, pk, lambda found: again.release(message=found, now=now), "It goes out now.")


def _done(request: HttpRequest, pk: int, deed: Any, words: str) -> HttpResponse:
    try:
        deed(get_object_or_404(Message, pk=pk))
    except DomainError as no:
        said.error(request, str(no))
    else:
        said.success(request, words)
    return redirect("message", pk=pk)
