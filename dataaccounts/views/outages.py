"""Outages: noting them, whom they affect, telling them, and that it is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dataaccounts.forms.outages import EndForm, OutageForm, TellForm
from dataaccounts.models import Outage
from dataaccounts.selectors import outages as reading
from dataaccounts.selectors.outage_words import words
from dataaccounts.services import outage_messages
from dataaccounts.services import outages as writing
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import Form, refuse
from herotill.lists.views.dialogs import dialog, gone_to
from herotill.messages.policies import rendering
from herotill.messages.selectors import wordings
from herotill.messages.templates import house_fields
from herotill.tabular import Figures, taken
from herotill.users.models import User

FORM, TELL = "lists/_form_dialog.html", "dataaccounts/outages/_tell.html"
HEAD = ("Code", "Customer", "Data accounts", "Email", "SMS")
ALL = ("GET", "HEAD", "POST")


def _outage(pk: int) -> Outage:
    places = Outage.objects.select_related("nas", "highsite", "sector__highsite", "noted_by")
    return get_object_or_404(places, pk=pk)


@require_safe
@staff_view("dataaccounts.view_outage")
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An outage: what customers read, who is affected, who was told."""
    outage, now = _outage(pk), timezone.now()
    names = may(request.user, "customers.view_customer")
    if "format" in request.GET and names:
        return taken(request, _figures(outage), large="dataaccounts.export_dataaccounts")
    lasts = outage.lasts(now)
    context = {
        "page_title": outage.headline,
        "outage": outage,
        "lasts": lasts,
        "begun": outage.starts_at <= now,
        "reach": reading.reach(outage=outage) if lasts else None,
        "names": names,
        "affected": reading.affected(outage=outage) if lasts and names else [],
        "shown": reading.SHOWN,
        "run": reading.last_run(outage=outage),
        "told": reading.customers_told([pk])[pk],
        "may_change": lasts and may(request.user, "dataaccounts.change_outage"),
        "may_tell": lasts and may(request.user, "dataaccounts.tell_outage"),
    }
    return render(request, "dataaccounts/outages/outage.html", context)


def _figures(outage: Outage) -> Figures:
    found = reading.affected(outage=outage, limit=None)
    said = {True: "yes", False: "no"}
    rows = [(one.code, one.name, one.accounts, said[one.email], said[one.sms]) for one in found]
    return Figures("outage-affected", f"outage-{outage.pk}", HEAD, rows)


@require_http_methods(ALL)
@staff_view("dataaccounts.add_outage")
def new(request: HttpRequest) -> HttpResponse:
    """Note an outage or maintenance; its page then shows whom it affects."""
    given = {"starts_at": timezone.localtime(), "place": request.GET.get("place", "")}
    form = OutageForm(_posted(request), initial=given)

    def do() -> tuple[str, int]:
        return "Noted. Nobody is told yet.", writing.note(
            values=form.values(), actor=cast(User, request.user)
        ).pk

    return _answer(request, form, do, title="New outage", press="Note outage")


@require_http_methods(ALL)
@staff_view("dataaccounts.change_outage")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what customers read; who was told may then be told again."""
    outage = _outage(pk)
    form = OutageForm(_posted(request), outage=outage)

    def do() -> tuple[str, int]:
        changed = writing.change(outage=outage, values=form.values(), now=timezone.now())
        again = changed.edition != outage.edition
        return "Changed. Nobody is told the new text yet." if again else "Nothing changed.", pk

    return _answer(request, form, do, title="Change outage", press="Save outage")


@require_http_methods(ALL)
@staff_view("dataaccounts.tell_outage")
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell everybody affected who was not told yet, after a look at how many and in which words."""
    outage = _outage(pk)
    form = TellForm(_posted(request))
    shown = {"reach": reading.reach(outage=outage), "outage": outage} | _letter(outage)

    def do() -> tuple[str, int]:
        outage_messages.tell(
            outage=outage,
            channels=form.cleaned_data["channels"],
            actor=cast(User, request.user),
            now=timezone.now(),
        )
        return "Messages are on the way to everybody affected who was not told yet.", pk

    return _answer(request, form, do, title="Tell customers", press="Tell customers", template=TELL, **shown)


def _letter(outage: Outage) -> dict[str, str]:
    """The mail as it would be read, with an invented name."""
    name = outage_messages.template_of(outage)
    subject, text, _ = wordings.current([name])[name]
    house = {one.name: one.value() for one in house_fields}
    values = house | words(outage) | {"name": "Alice Liddel"}
    return {
        "subject": rendering.head(subject, values),
        "text": rendering.plain(text, values, {"text"}),
    }


@require_http_methods(ALL)
@staff_view("dataaccounts.change_outage")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is over, and tell those who were told."""
    outage = _outage(pk)
    off = outage.starts_at > timezone.now()
    noun = "maintenance" if outage.kind == Outage.Kind.MAINTENANCE else "outage"
    form = EndForm(_posted(request))
    count = reading.customers_told([pk])[pk]
    may_tell = bool(count) and may(request.user, "dataaccounts.tell_outage")
    if not may_tell:
        del form.fields["tell"]
    else:
        form.fields[
            "tell"
        ].help_text = f"{count:,} customer{'' if count == 1 else 's'}, the way they were told."

    said = "It is called off." if off else "It is over."

    def do() -> tuple[str, int]:
        ended = writing.end(outage=outage, now=timezone.now())
        if not form.cleaned_data.get("tell"):
            return said, pk
        outage_messages.tell_ended(outage=ended, actor=cast(User, request.user))
        return f"{said} Those who were told are told that too.", pk

    deed = "Call off" if off else "End"
    return _answer(request, form, do, title=f"{deed}: {outage.headline}", press=f"{deed} {noun}")


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _answer(
    request: HttpRequest,
    form: Form,
    do: Callable[[], tuple[str, int]],
    *,
    title: str,
    press: str,
    template: str = FORM,
    **context: Any,
) -> HttpResponse:
    """A dialog's GET and POST; done, it leads to the outage's page."""
    if form.is_bound and form.is_valid():
        try:
            said, pk = do()
        except DomainError as no:
            refuse(form, no)
        else:
            messages.success(request, said)
            return gone_to(request, reverse("dataaccounts:outage", args=[pk]))
    context |= {"form": form, "page_title": title, "press": press, "action": request.get_full_path()}
    return dialog(request, template, context, 422 if request.method == "POST" else 200)
