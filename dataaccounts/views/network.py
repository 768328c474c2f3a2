"""The pages of the network: routers, highsites and sectors."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dataaccounts.forms.accounts import RevealForm
from dataaccounts.models import Nas, NasTurn, Sector
from dataaccounts.policies import router_commands
from dataaccounts.policies.measures import octets_in_words
from dataaccounts.selectors import network as reading
from dataaccounts.selectors.network import Place
from dataaccounts.services import radius_secrets
from dataaccounts.views.sessions import pinged
from herotill import charts
from herotill.access import may, staff_view
from herotill.lists.views.dialogs import dialog
from herotill.reference.models import Highsite
from herotill.users.models import User

AT_ONCE = 50


@require_safe
@staff_view("dataaccounts.view_nas")
def overview(request: HttpRequest) -> HttpResponse:
    """The routers in use and the highsites, page by page, with who is on."""
    routers = Paginator(reading.in_use(), AT_ONCE).get_page(request.GET.get("routers"))
    highsites = Paginator(reading.hung_at(), AT_ONCE).get_page(request.GET.get("highsites"))
    context = {
        "page_title": "Network",
        "routers_page": routers,
        "routers": reading.routers(list(routers)),
        "highsites_page": highsites,
        "highsites": reading.highsites(list(highsites)),
        "may_set_up": may(request.user, "dataaccounts.add_nas"),
    }
    return render(request, "dataaccounts/network/overview.html", context)


def _shown(request: HttpRequest, place: Place, title: str, filtered: str) -> dict[str, Any]:
    return {
        "page_title": title,
        "place": place,
        "chart": _drawn(place),
        "sessions_url": f"{reverse('dataaccounts:sessions')}?{filtered}",
        "may_see_sessions": may(request.user, "dataaccounts.view_session"),
        "may_see_orders": may(request.user, "dataaccounts.view_sessionorder"),
    }


def _drawn(place: Place) -> charts.Chart | None:
    series = [
        ("Download", [Decimal(one.download) for one in place.load]),
        ("Upload", [Decimal(one.upload) for one in place.load]),
    ]
    labels = [f"{_local(one.begins):%H}:00" for one in place.load]
    return charts.bars(labels, series, words=octets_in_words, sheet=charts.Sheet(left=60))


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment)


@require_safe
@staff_view("dataaccounts.view_nas")
def nas(request: HttpRequest, pk: int) -> HttpResponse:
    """A router: who is on, its load, what is owed there, how it is set up."""
    found = get_object_or_404(Nas.objects.select_related("vendor", "highsite"), pk=pk)
    place = reading.of_nas(nas=found, now=timezone.now())
    here = settings.RADIUS_ADDRESS or request.get_host().partition(":")[0]
    context = {
        "nas": found,
        "sectors": list(Sector.objects.filter(nas=found).select_related("highsite")),
        "has_secret": reading.has_secret(found),
        "commands": _commands(found, here) if found.vendor.slug == "mikrotik" else "",
        "turn": NasTurn.objects.filter(nas=found).first(),
        "may_change": may(request.user, "dataaccounts.change_nas"),
        "may_ping": may(request.user, "dataaccounts.ping_session"),
        "owed_url": f"{reverse('dataaccounts:orders')}?nas={found.pk}&state=owed",
    }
    return render(
        request,
        "dataaccounts/network/nas.html",
        context | _shown(request, place, found.name, f"nas={found.pk}"),
    )


def _commands(found: Nas, here: str) -> str:
    return router_commands.mikrotik(
        address=found.address,
        server=here,
        signed=found.require_message_authenticator,
        coa_port=found.coa_port,
        interim_seconds=found.interim_seconds,
    )


@require_safe
@staff_view("dataaccounts.view_nas")
def highsite(request: HttpRequest, pk: int) -> HttpResponse:
    """A highsite: its routers and sectors, who is on, the load of its routers."""
    found = get_object_or_404(Highsite, pk=pk)
    place = reading.of_highsite(highsite=found, now=timezone.now())
    context = {
        "highsite": found,
        "routers": list(Nas.objects.filter(highsite=found, retired=False)),
        "sectors": list(Sector.objects.filter(highsite=found, retired=False)),
    }
    shown = _shown(request, place, found.name, f"highsite={found.pk}")
    return render(request, "dataaccounts/network/highsite.html", context | shown)


@require_safe
@staff_view("dataaccounts.view_sector")
def sector(request: HttpRequest, pk: int) -> HttpResponse:
    """A sector: who is on and how well they are heard, its load."""
    found = get_object_or_404(Sector.objects.select_related("highsite", "nas"), pk=pk)
    place = reading.of_sector(sector=found, now=timezone.now())
    shown = _shown(request, place, f"{found.highsite}, {found.name}", f"sector={found.pk}")
    return render(request, "dataaccounts/network/sector.html", {"sector": found} | shown)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("dataaccounts.ping_session")
def ping(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a router whether it hears us."""
    found = get_object_or_404(Nas, pk=pk)
    return pinged(request, found.address, found.name)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("dataaccounts.change_nas")
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """A router's secret, for a reason that is kept."""
    found = get_object_or_404(Nas, pk=pk)
    form = RevealForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "page_title": f"Secret of {found}",
        "action": request.path,
        "nas": found,
        "form": form,
    }
    if form.is_bound and form.is_valid():
        context["secret"] = radius_secrets.reveal_secret(
            nas_id=found.pk, actor=cast(User, request.user), reason=form.cleaned_data["reason"]
        )
    return dialog(request, "dataaccounts/network/_secret.html", context, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view("dataaccounts.change_nas")
def new_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a router a new secret, and show it this once."""
    found = get_object_or_404(Nas, pk=pk)
    context: dict[str, Any] = {
        "page_title": f"New secret for {found}",
        "action": request.path,
        "nas": found,
        "has_secret": reading.has_secret(found),
        "fresh": True,
    }
    if request.method == "POST":
        context["secret"] = radius_secrets.set_secret(
            nas_id=found.pk, secret=None, actor=cast(User, request.user)
        )
    return dialog(request, "dataaccounts/network/_secret.html", context)
