"""What voice lines may spend, and the alarms of those that spent more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dataaccounts.forms.spend import LimitForm
from dataaccounts.models import SpendAlarm
from dataaccounts.services import spend_alarms
from herotill.access import staff_view
from herotill.pages import done, me, settings_page

SHOWN = 200


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view("dataaccounts.view_spendlimit")
def limits(request: HttpRequest) -> HttpResponse:
    """What each line may spend that has no limit of its own."""
    limit = spend_alarms.limit_of(None)
    return settings_page(
        request,
        right="dataaccounts.change_spendlimit",
        form=lambda posted: LimitForm(posted, limit=limit),
        keep=lambda form: spend_alarms.set_limit(line=None, values=form.cleaned_data),
        says="The limits are kept.",
        title="Spend limits of voice lines",
        about="From which amount, exclusive of VAT, the calls of a line raise an alarm. A line may have limits of its own.",
    )


@require_safe
@staff_view("dataaccounts.view_spendalarm")
def alarms(request: HttpRequest) -> HttpResponse:
    """The newest alarms, those nobody has looked into first."""
    found = SpendAlarm.objects.select_related("line__customer", "seen_by")
    waiting = list(found.filter(seen_at=None)[:SHOWN])
    context = {
        "waiting": waiting,
        "seen": list(found.filter(seen_at__isnull=False)[:50]),
        "page_title": "Spend alarms",
    }
    return render(request, "dataaccounts/calls/alarms.html", context)


@require_POST
@staff_view("dataaccounts.change_spendalarm")
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an alarm was looked into."""
    alarm = get_object_or_404(SpendAlarm.objects.select_related("line"), pk=pk)
    spend_alarms.seen(alarm=alarm, actor=me(request), now=timezone.now())
    return done(request, f"The alarm of {alarm.line} is marked as seen.", "dataaccounts:spend-alarms")
