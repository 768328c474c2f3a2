"""What becomes of their data: marketing, a copy of all of it, and being forgotten."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from customers.forms.own_things import ForgetForm, MarketingForm
from customers.portal.answers import theirs
from customers.selectors import own_things
from customers.services import data_copies, forget_wishes, marketing
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.models import RetentionRules
from herotill.pages import done, me, page, told
from herotill.portal import private_view

SEE = "customers.view_anonymisation"
HOME = "portal-privacy"


@require_safe
@private_view(SEE)
def privacy(request: HttpRequest) -> HttpResponse:
    """All three, with how each stands."""
    return _page(request)


def _page(
    request: HttpRequest, form: MarketingForm | None = None, forget: ForgetForm | None = None
) -> HttpResponse:
    customer, now = theirs(request), timezone.now()
    choices = own_things.marketing(customer)
    copy = own_things.last_copy(customer)
    return page(
        request,
        "portal/customers/privacy.html",
        form=forget or form,
        marketing=form or MarketingForm(choices=choices),
        choices=choices,
        forget=forget or ForgetForm(),
        copy=copy,
        being_made=copy is not None and copy.made_at is None and copy.ended_at is None,
        ready=copy if copy and copy.file and copy.expires_at and copy.expires_at > now else None,
        wish=own_things.last_wish(customer),
        rules=RetentionRules.objects.get(),
        page_title=gettext("Privacy"),
    )


@require_POST
@private_view(SEE)
def choose_marketing(request: HttpRequest) -> HttpResponse:
    """Where offers and news may come, from now on."""
    choices = own_things.marketing(theirs(request))
    form = MarketingForm(request.POST, choices=choices)
    if not form.is_valid():
        return _page(request, form)
    wanted = set(form.cleaned_data["wanted"])
    marketing.choose(
        customer=theirs(request), choices=choices, wanted=wanted, actor=me(request), now=timezone.now()
    )
    return done(request, gettext("Your choice is saved."), HOME)


@require_POST
@private_view(SEE)
def ask_copy(request: HttpRequest) -> HttpResponse:
    """Have a copy of their data made."""
    told(
        request,
        lambda: data_copies.ask(customer=theirs(request), actor=me(request), now=timezone.now()),
        gettext("We are making your copy; you get a mail when it is ready."),
    )
    return redirect(HOME)


@require_POST
@private_view(SEE)
def fetch_copy(request: HttpRequest) -> HttpResponseBase:
    """The copy that is there. It is a POST, which nobody of the staff who look may send."""
    now = timezone.now()
    copy = own_things.copy_to_fetch(theirs(request), now)
    if copy is None:
        raise Http404
    data_copies.fetched(copy=copy, now=now)
    response = FileResponse(default_storage.open(copy.file), content_type="application/zip")
    return as_download(response, f"{theirs(request).code}-my-data.zip")


@require_POST
@private_view(SEE)
def ask_to_forget(request: HttpRequest) -> HttpResponse:
    """Ask to be forgotten."""
    form = ForgetForm(request.POST)
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            forget_wishes.ask(customer=theirs(request), words=words, actor=me(request), now=timezone.now())
        except DomainError as no:
            refuse(form, no)
        else:
            return done(request, gettext("We have your wish and will answer it."), HOME)
    return _page(request, forget=form)


@require_POST
@private_view(SEE)
def withdraw_wish(request: HttpRequest) -> HttpResponse:
    """Take the wish back."""
    told(
        request,
        lambda: forget_wishes.withdraw(customer=theirs(request), actor=me(request), now=timezone.now()),
        gettext("You took it back. Nothing is deleted."),
    )
    return redirect(HOME)
