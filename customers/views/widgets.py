"""Serving widgets: one card, a group of lazy ones, and the dialogs of their actions."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from customers import cards
from customers.screen import Action, Widget, widgets
from customers.views.profile import find_customer
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse


def _widget(request: HttpRequest, code: str, name: str) -> Widget:
    kind = widgets.get(name)
    if kind is None:
        raise Http404(f"There is no widget {name}.")
    if not may(request.user, kind.permission):
        raise PermissionDenied
    return kind(customer=find_customer(code), user=request.user, request=request)


@require_safe
@staff_view("customers.view_customer")
def card(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One card, as it refreshes itself."""
    widget = _widget(request, code, name)
    collapsed = name in cards.arrangement(request.user)["collapsed"]
    return HttpResponse(cards.render(widget, collapsed=collapsed))


@require_safe
@staff_view("customers.view_customer")
def group(request: HttpRequest, code: str) -> HttpResponse:
    """Several lazy cards in one answer, each swapped into its own place. Cards not allowed are left out."""
    customer = find_customer(code)
    collapsed = cards.arrangement(request.user)["collapsed"]
    wanted = dict.fromkeys(request.GET.get("names", "").split(","))
    kinds = [kind for name in wanted if (kind := widgets.get(name)) and may(request.user, kind.permission)]
    made = (kind(customer=customer, user=request.user, request=request) for kind in kinds)
    return HttpResponse("".join(cards.render(one, collapsed=one.name in collapsed, oob=True) for one in made))


def _form(widget: Widget, action: Action, target: Model | None, request: HttpRequest) -> forms.BaseForm:
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = action.form or forms.Form
    return form(*data, **widget.form_arguments(action, target))


def _dialog(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "widgets/_dialog.html", context, status=status)


def _perform(widget: Widget, action: Action, form: Any, target: Model | None) -> Any:
    """Run the action's method with the form's data, the names of what changed, and the row if it is of one."""
    arguments = (target,) if action.row else ()
    try:
        return getattr(widget, action.method)(form.cleaned_data, form.changed_data, *arguments)
    except DomainError as no:
        refuse(form, no)
        return None


@staff_view("customers.view_customer")
def act(
    request: HttpRequest, code: str, name: str, action_name: str, pk: int | None = None
) -> HttpResponseBase:
    """An action of a widget. GET: its dialog. POST: 422 into the dialog, or 204 and what has changed."""
    widget = _widget(request, code, name)
    action = widget.actions.get(action_name)
    if action is None or action.row != (pk is not None):
        raise Http404(f"Widget {name} has no action {action_name}.")
    if not may(request.user, action.permission):
        raise PermissionDenied
    target = widget.find(pk) if pk is not None else None
    form = _form(widget, action, target, request)
    context = {
        "widget": widget,
        "customer": widget.customer,
        "action": action,
        "form": form,
        "target": target,
    }
    if request.method != "POST":
        return _dialog(request, context)
    answer = _perform(widget, action, form, target) if form.is_valid() else None
    if form.errors:
        return _dialog(request, context, status=422)
    if isinstance(answer, HttpResponseBase):
        return answer
    return _changed(request, widget, action)


def _changed(request: HttpRequest, widget: Widget, action: Action) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect(widget.customer)
    names = dict.fromkeys((widget.name, "audit-trail", *action.emits))
    events: dict[str, Any] = {one: {} for one in names}
    events["toast"] = {"text": action.done, "tone": "ok"}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})
