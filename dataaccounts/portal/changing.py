"""Another package: chosen, shown with what it costs, confirmed; and what waits or is planned taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.portal.answers import theirs
from dataaccounts import billed
from dataaccounts.forms.portal import ChangeForm
from dataaccounts.models import DataAccount, NetworkRules, PackageChange, PackageWish
from dataaccounts.portal.owned import account_of
from dataaccounts.selectors import choosing, own_services
from dataaccounts.selectors.choosing import Choice
from dataaccounts.selectors.rules import rules
from dataaccounts.services import package_changes, package_wishes
from herotill.access import portal_view
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.pages import me, page, told
from herotill.portal import seat

How = NetworkRules.PortalChanges
SEES = "dataaccounts.view_packagechange"


@require_http_methods(["GET", "HEAD", "POST"])
@portal_view(SEES)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a package; then see what it means for the bill; then confirm it."""
    how = rules().portal_changes
    if how == How.HIDDEN:
        raise Http404
    account, now = account_of(request, pk), timezone.now()
    refused = _refusal(request, account, now)
    offered = None if refused else choosing.offered(account)
    form = _form(request, offered.choices(local_day(now)) if offered else [], now)
    if request.method == "POST" and form.is_valid() and _chosen(request, account, form, now):
        return redirect("portal-service", account.pk)
    context: dict[str, Any] = {"account": account, "at_once": how == How.AT_ONCE, "refused": refused}
    if offered and form.is_bound and form.is_valid():
        day, choice = form.wanted_from, form.chosen
        means = offered.meaning(choice.package, day)
        context |= {"means": means, "price": str(means.after), "day": day, "today": local_day(now)}
        return page(
            request,
            "portal/services/change_means.html",
            page_title=_("Change package"),
            form=form,
            choice=choice,
            **context,
        )
    return page(request, "portal/services/change.html", page_title=_("Change package"), form=form, **context)


def _refusal(request: HttpRequest, account: DataAccount, now: datetime) -> str:
    """Why whoever sits here cannot change the package, or nothing; who pays for it decides."""
    other = billed.payer(customer=account.customer, day=local_day(now))
    if other and not seat(request).is_sub:
        return _("%(name)s pays for this service. Ask them to change it.") % {"name": other.name}
    if refused := package_wishes.refusal(account):
        return _(refused)
    if own_services.is_changing(account):
        return _("A change is on its way already. Withdraw it first. If we planned it, talk to us.")
    return ""


def _form(request: HttpRequest, choices: Sequence[Choice], now: datetime) -> ChangeForm:
    today, then = package_wishes.days(now)
    days = ((today, _("From today")), (then, _("From %(day)s") % {"day": date_format(then, "j F")}))
    asked = request.POST if request.method == "POST" else request.GET if "package" in request.GET else None
    return ChangeForm(asked, choices=choices, days=days)


def _chosen(request: HttpRequest, account: DataAccount, form: ChangeForm, now: datetime) -> bool:
    """Carry out what was confirmed; False where it is refused, with the reason in the form."""
    try:
        made = package_wishes.choose(
            account=account,
            package=form.chosen.package,
            day=form.wanted_from,
            price=form.shown,
            actor=request.user,  # type: ignore[arg-type]
            now=now,
        )
    except DomainError as no:
        refuse(form, no)
        return False
    asked = isinstance(made, PackageWish)
    messages.success(
        request, _("We got your request and will answer it.") if asked else _("Your package is changed.")
    )
    return True


@require_POST
@portal_view(SEES)
def withdraw_wish(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a package that was asked for."""
    wish = PackageWish.objects.filter(pk=pk, account__customer=theirs(request)).first()
    if wish is None:
        raise Http404
    told(
        request,
        lambda: package_wishes.withdraw(wish=wish, actor=me(request), now=timezone.now()),
        _("Withdrawn. Your service stays as it is."),
    )
    return redirect("portal-service", wish.account_id)


@require_POST
@portal_view(SEES)
def withdraw_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a change that is planned, if they planned it themselves."""
    found = PackageChange.objects.filter(pk=pk, account__customer=theirs(request), asked_by=request.user.pk)
    change = found.first()
    if change is None:
        raise Http404
    told(
        request,
        lambda: package_changes.withdraw(change=change, actor=me(request), now=timezone.now()),
        _("Withdrawn. Your service stays as it is."),
    )
    return redirect("portal-service", change.account_id)
