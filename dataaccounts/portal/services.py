"""A customer's services: all of them, one of them, and who is told how much of its data is used."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from customers.portal.answers import theirs
from dataaccounts.deeds import in_portal
from dataaccounts.forms.portal import NoticesForm, RevealForm
from dataaccounts.models import DataAccount, NetworkRules, UsageNotice
from dataaccounts.portal.owned import account_of, service_of
from dataaccounts.selectors import own_calls, own_services
from dataaccounts.selectors.rules import rules
from dataaccounts.selectors.stretches import PAGE, drawn, stretch_of, summed, used_in
from dataaccounts.services import radius_secrets, usage_notices
from dataaccounts.services.package_wishes import refusal
from herotill.access import portal_view
from herotill.pages import page, posted
from herotill.portal import private_view, seat, sees

Changes, Password = NetworkRules.PortalChanges, NetworkRules.PortalPassword


@require_safe
@portal_view("dataaccounts.view_dataaccount")
def services(request: HttpRequest) -> HttpResponse:
    """All of them, those that ended too."""
    found = own_services.services(customer=theirs(request), now=timezone.now())
    shown = [{"service": one, "deeds": in_portal(one.account) if one.is_open else []} for one in found]
    phone = seat(request).sees_private and sees(request, "dataaccounts.view_call")
    has_phone = phone and own_calls.has_lines(theirs(request))
    return page(
        request, "portal/services/list.html", page_title=_("Services"), shown=shown, has_phone=has_phone
    )


@require_safe
@portal_view("dataaccounts.view_dataaccount")
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """One service: how it stands, its data this month, what was added and what is planned."""
    now = timezone.now()
    found = service_of(request, pk, now)
    account, active = found.account, found.account.state == DataAccount.State.ACTIVE
    how = rules() if active else None
    stretch = stretch_of("month", timezone.localdate(now))
    used = used_in([account.pk], stretch)
    return page(
        request,
        "portal/services/service.html",
        page_title=account.username,
        service=found,
        stretch=stretch,
        used=used,
        total=summed(used, stretch),
        chart=drawn(used, PAGE),
        added=own_services.added(account=account, now=now) if active else [],
        planned=own_services.planned(account),
        wish=own_services.last_wish(account),
        changeable=how is not None and how.portal_changes != Changes.HIDDEN and not refusal(account),
        shows_password=how is not None and how.portal_password != Password.HIDDEN,
        deeds=in_portal(account) if found.is_open else [],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private_view("dataaccounts.view_usagenotice")
def notices(request: HttpRequest, pk: int) -> HttpResponse:
    """When somebody is told how much of a service's data is used, and who."""
    account = account_of(request, pk)
    stands = UsageNotice.objects.filter(account=account).first() or UsageNotice(account=account)
    form = NoticesForm(posted(request), instance=stands)
    if form.is_bound and form.is_valid():
        usage_notices.set_up(account=account, values=form.cleaned_data)
        messages.success(request, _("Usage notices saved."))
        return redirect("portal-service", account.pk)
    return page(
        request, "portal/services/notices.html", page_title=_("Usage notices"), form=form, account=account
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private_view("dataaccounts.reveal_password")
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """The password their router or device logs in with: after a press, which stays on record."""
    how = rules().portal_password
    if how == Password.HIDDEN:
        raise Http404
    account = account_of(request, pk)
    form = RevealForm(posted(request), renews=how == Password.RENEWED)
    shown = _password(request, account, form) if form.is_bound and form.is_valid() else None
    return page(
        request,
        "portal/services/password.html",
        page_title=_("Connection password"),
        form=form,
        account=account,
        shown=shown,
        pressed=shown is not None,
    )


def _password(request: HttpRequest, account: DataAccount, form: RevealForm) -> str:
    if form.cleaned_data["deed"] == form.RENEW:
        return radius_secrets.renew_own(account=account, actor=request.user)
    return radius_secrets.reveal_own(account=account, actor=request.user)
