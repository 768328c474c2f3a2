"""Sessions with problems: what is wrong, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dataaccounts.selectors import problems as reading
from dataaccounts.services import healing, session_orders, usage_names
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.jobs import nudge
from herotill.tabular import Figures, taken

HEAD = ("Problem", "Session", "User name", "NAS", "Customer", "Started", "Last heard of", "Ended")
ASIDE = "aside"


@require_safe
@staff_view("dataaccounts.view_session")
def problems(request: HttpRequest) -> HttpResponseBase:
    """One kind of problem at a time; the first that any session has."""
    now = timezone.now()
    asked = request.GET.get("kind", "")
    if asked and asked not in reading.KINDS and asked != ASIDE:
        raise Http404("There is no such problem.")
    kind = asked or reading.first(now=now)
    most = reading.IN_A_FILE if "format" in request.GET else reading.SHOWN
    found = reading.sessions(kind, now=now, most=most) if kind != ASIDE else []
    if "format" in request.GET:
        return taken(request, _figures(kind, found), large="dataaccounts.export_sessions")
    context = {
        "page_title": "Sessions with problems",
        "kind": kind,
        "about": reading.KINDS.get(kind, ("", ""))[1],
        "tabs": _tabs({}),
        "found": found,
        "aside": reading.aside() if kind == ASIDE else [],
        "most": reading.SHOWN,
        "may_cut": may(request.user, "dataaccounts.cut_session"),
        "may_link": may(request.user, "dataaccounts.add_usagename"),
    }
    return render(request, "dataaccounts/problems.html", context)


@require_safe
@staff_view("dataaccounts.view_session")
def counts(request: HttpRequest) -> HttpResponse:
    """The kinds with how many sessions have each; it comes after the page, as everybody online is looked at."""
    found = reading.counts(now=timezone.now()) | {ASIDE: reading.names_aside()}
    context = {
        "kind": request.GET.get("kind", ""),
        "tabs": _tabs(found),
        "most": reading.SHOWN,
        "counted": True,
    }
    return render(request, "dataaccounts/_problem_tabs.html", context)


def _tabs(counted: Mapping[str, int]) -> list[tuple[str, str, int | None]]:
    named = {kind: label for kind, (label, _) in reading.KINDS.items()} | {ASIDE: "Usage of nobody"}
    return [(kind, label, counted.get(kind)) for kind, label in named.items()]


def _figures(kind: str, found: list[reading.Problem]) -> Figures:
    label = reading.KINDS[kind][0] if kind in reading.KINDS else ""
    rows = [
        (
            label,
            one.session_id,
            one.username,
            one.nas_name or one.nas_address,
            one.code or "",
            *(f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "" for moment in _local(one)),
        )
        for one in found
    ]
    return Figures("session-problems", f"sessions-{kind}", HEAD, rows)


def _local(one: reading.Problem) -> list[object]:
    moments = (one.started_at, one.updated_at, one.stopped_at)
    return [timezone.localtime(moment) if moment else None for moment in moments]


@require_POST
@staff_view("dataaccounts.cut_session")
def close(request: HttpRequest) -> HttpResponse:
    """End a session here, where it was last heard of."""
    count = healing.close(unique_ids=[_sent(request, "session")])
    messages.success(request, "Session ended." if count else "That session had ended already.")
    return _back(request)


@require_POST
@staff_view("dataaccounts.cut_session")
def cut(request: HttpRequest) -> HttpResponse:
    """Have its router disconnect a session."""
    count = session_orders.cut(
        unique_ids=[_sent(request, "session")],
        why="Disconnected from the list of problems",
        actor=request.user,
        now=timezone.now(),
    )
    messages.success(request, "Its router is told." if count else "That session had ended already.")
    return _back(request)


@require_POST
@staff_view("dataaccounts.add_usagename")
def link(request: HttpRequest) -> HttpResponse:
    """Give an account what a name nobody has used."""
    account = _sent(request, "account").strip().lower()
    try:
        usage_names.link(username=_sent(request, "username"), account_username=account)
    except DomainError as no:
        messages.error(request, str(no))
    else:
        nudge("usage-import")
        messages.success(request, f"What it used goes to {account}.")
    return redirect(f"{reverse('dataaccounts:problems')}?kind={ASIDE}")


def _back(request: HttpRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    query = f"?kind={kind}" if kind in reading.KINDS else ""
    return redirect(f"{reverse('dataaccounts:problems')}{query}")


def _sent(request: HttpRequest, name: str) -> str:
    """What was sent, without what no database keeps."""
    return request.POST.get(name, "").replace("\0", "")
