"""Pages of sessions: past ones of a customer, a ping, and an order once more."""

from __future__ import annotations

from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from customers.models import Customer
from dataaccounts.models import DataAccount, Session, SessionOrder
from dataaccounts.policies.measures import gigabytes
from dataaccounts.selectors import sessions as reading
from dataaccounts.selectors.sessions import Line, Place
from dataaccounts.services import pinging, session_orders
from herotill.access import staff_view
from herotill.errors import DomainError, IntegrationError
from herotill.lists import cells
from herotill.lists.views.dialogs import changed, dialog
from herotill.tabular import Figures, taken
from herotill.typed import number, place_in_time
from herotill.users.models import User

PAGE = 50
IN_A_FILE = 100_000
HEADINGS = ("From", "Until", "Account", "Download, GB", "Upload, GB", "Ended by", "NAS", "IP address", "MAC")


@require_safe
@staff_view("dataaccounts.view_session")
def past(request: HttpRequest, code: str) -> HttpResponseBase:
    """Every session of a customer that ended, the newest first; as a file with `format`."""
    customer = get_object_or_404(Customer, code=code)
    accounts = list(DataAccount.objects.filter(customer=customer).order_by("username"))
    if "format" in request.GET:
        lines = reading.past(accounts=accounts, limit=IN_A_FILE)
        rows = [_row(line) for line in lines]
        figures = Figures("past sessions", f"sessions-{customer.code}", HEADINGS, rows)
        return taken(request, figures, large="dataaccounts.export_sessions")
    lines = reading.past(accounts=accounts, limit=PAGE + 1, before=_place(request.GET.get("before", "")))
    context = {
        "page_title": f"Sessions of {customer.name}",
        "customer": customer,
        "lines": lines[:PAGE],
        "several": len(accounts) > 1,
        "further": _token(lines[PAGE - 1]) if len(lines) > PAGE else "",
        "first": "before" not in request.GET,
    }
    return render(request, "dataaccounts/sessions/past.html", context)


def _row(line: Line) -> list[Any]:
    session = line.session
    return [
        cells.MOMENT.plain(session.started_at),
        cells.MOMENT.plain(session.stopped_at),
        session.username,
        gigabytes(line.download),
        gigabytes(line.upload),
        session.terminate_cause or "",
        line.nas_name,
        session.ip_address or "",
        session.calling_station or "",
    ]


def _token(line: Line) -> str:
    at = reading.place(line.session)
    return f"{at.started_at.isoformat()},{at.pk}"


def _place(token: str) -> Place | None:
    """Where a page goes on; nowhere for what was not made by `_token`."""
    moment, _, pk = token.partition(",")
    session = number(pk)
    try:
        return Place(place_in_time(moment), session) if session is not None else None
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("dataaccounts.ping_session")
def ping(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the equipment of a session that is up whether it hears us."""
    session = get_object_or_404(Session, pk=pk, stopped_at=None, ip_address__isnull=False)
    return pinged(request, session.ip_address or "", session.username or "")


def pinged(request: HttpRequest, address: str, what: str) -> HttpResponse:
    """The dialog of a ping: what is asked, and after a POST what came back."""
    context: dict[str, Any] = {
        "page_title": f"Ping {address}",
        "action": request.path,
        "address": address,
        "what": what,
    }
    if request.method == "POST":
        try:
            context["heard"] = pinging.ping(address)
        except IntegrationError as no:
            context["no"] = str(no)
    return dialog(request, "dataaccounts/sessions/_ping.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("dataaccounts.cut_session")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try an order that failed once more."""
    found = SessionOrder.objects.select_related("account__customer", "nas", "ordered_by")
    order = get_object_or_404(found, pk=pk)
    context = {
        "page_title": f"{order.get_kind_display()}: {order.get_state_display()}",
        "order": order,
        "action": request.path,
        "failed": order.state in session_orders.FAILED,
    }
    if request.method == "POST":
        try:
            with transaction.atomic():
                session_orders.again(order=order, actor=cast(User, request.user), now=timezone.now())
        except DomainError as no:
            return dialog(request, "dataaccounts/sessions/_order.html", context | {"no": str(no)}, 422)
        return changed(request, "It is tried again.", reverse("dataaccounts:orders"))
    return dialog(request, "dataaccounts/sessions/_order.html", context)
