"""Setup: webhooks, what they were told, and what they are owed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from herotill.access import may, staff_view
from herotill.api.forms import WebhookForm
from herotill.api.kinds import offers
from herotill.api.models import Delivery, Webhook
from herotill.api.services import telling, webhooks
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.pages import done, me, page, posted
from herotill.users.views.confirm import fresh_second_factor

SEE, CHANGE = "api.see_webhooks", "api.change_webhooks"
SHOWN = 50


def _found(pk: int) -> Webhook:
    hook = Webhook.objects.filter(pk=pk).first()
    if hook is None:
        raise Http404("There is no such webhook.")
    return hook


@require_safe
@staff_view(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """Who is told what happened."""
    of = Webhook.objects.annotate(
        owed=Count("deliveries", filter=Q(deliveries__state="owed")),
        given_up=Count("deliveries", filter=Q(deliveries__state="given_up")),
        last=Max("deliveries__last_at"),
    )
    context = {"hooks": of, "may_change": may(request.user, CHANGE), "page_title": "Webhooks"}
    return render(request, "api/webhooks.html", context)


@require_safe
@staff_view(SEE)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook with what it was told last."""
    hook = _found(pk)
    context = {
        "hook": hook,
        "kinds": [offers[name].label if name in offers else name for name in hook.kinds],
        "deliveries": list(hook.deliveries.order_by("-pk")[:SHOWN]),
        "may_change": may(request.user, CHANGE),
        "page_title": hook.name,
    }
    return render(request, "api/webhook.html", context)


@staff_view(CHANGE)
@fresh_second_factor
def add(request: HttpRequest) -> HttpResponse:
    """Set a webhook up; its secret is shown once."""
    form = WebhookForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            hook, text = webhooks.add(**form.cleaned_data, actor=me(request), now=timezone.now())
        except DomainError as no:
            refuse(form, no)
        else:
            return _secret(request, hook, text)
    return page(request, "api/webhook_form.html", form=form, page_title="New webhook", press="Set up")


@staff_view(CHANGE)
@fresh_second_factor
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change where it is, or what it is told of."""
    hook = _found(pk)
    form = WebhookForm(posted(request), initial={"name": hook.name, "url": hook.url, "kinds": hook.kinds})
    if form.is_bound and form.is_valid():
        try:
            text = webhooks.change(hook=hook, **form.cleaned_data)
        except DomainError as no:
            refuse(form, no)
        else:
            if text:
                return _secret(request, hook, text)
            return done(request, f"{form.cleaned_data['name']} saved.", "webhook", pk)
    return page(request, "api/webhook_form.html", form=form, page_title=hook.name, press="Save", hook=hook)


@require_POST
@staff_view(CHANGE)
@fresh_second_factor
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Another secret, shown once."""
    hook = _found(pk)
    return _secret(request, hook, webhooks.renew(hook=hook))


def _secret(request: HttpRequest, hook: Webhook, text: str) -> HttpResponse:
    context: dict[str, Any] = {"hook": hook, "text": text, "page_title": f"Secret of {hook.name}"}
    return render(request, "api/webhook_secret.html", context)


@require_POST
@staff_view(CHANGE)
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell it nothing for now, or go on."""
    hook, paused = _found(pk), "on" not in request.POST
    webhooks.pause(hook=hook, paused=paused)
    said = "is paused: what it is owed waits." if paused else "is told again."
    return done(request, f"{hook.name} {said}", "webhook", pk)


@require_POST
@staff_view(CHANGE)
@fresh_second_factor
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell it nothing any more."""
    hook = _found(pk)
    webhooks.remove(hook=hook)
    return done(request, f"{hook.name} is told nothing any more.", "webhooks")


@require_POST
@staff_view(CHANGE)
def replay(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Tell it one thing again."""
    delivery = Delivery.objects.filter(pk=other, webhook=_found(pk)).first()
    if delivery is None:
        raise Http404("There is no such delivery.")
    telling.replay(delivery=delivery, now=timezone.now())
    return done(request, "It is told again within a minute.", "webhook", pk)
