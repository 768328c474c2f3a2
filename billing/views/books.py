"""The connection to the books kept elsewhere in Setup, and pushing everything that waits."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from billing.forms.books import BooksConnectionForm, BooksCredentialsForm
from billing.selectors import books as reading
from billing.services.books import connecting, owing
from billing.views.dialogs import answer
from herotill import forms
from herotill.access import may, staff_view
from herotill.errors import DomainError, IntegrationError
from herotill.forms import refuse
from herotill.integrations.books import Company
from herotill.pages import posted
from herotill.users.models import User
from herotill.users.views.confirm import fresh_second_factor

SEE, CHANGE = "billing.view_booksconnection", "billing.change_booksconnection"
KNOWN = "books-known"


@staff_view(SEE)
def show(request: HttpRequest) -> HttpResponse:
    """How the books are reached, what waits for them, and what keeps us out."""
    may_change, known = may(request.user, CHANGE), request.session.get(KNOWN, {})
    form = BooksConnectionForm(
        posted(request) if may_change else None, instance=connecting.connection(), known=known
    )
    if form.is_bound and form.is_valid():
        companies = [Company(id, name) for id, name in known.get("companies", ())]
        try:
            connecting.change(values=form.cleaned_data, companies=companies)
        except DomainError as no:
            refuse(form, no)
        else:
            messages.success(request, "The connection to SageOne is saved.")
            return redirect("billing:books")
    context = {
        "page_title": "SageOne",
        "books": connecting.connection(),
        "form": form,
        "may_change": may_change,
        "counts": reading.counts(),
        "last_sent": reading.last_sent(),
        "sees_owed": may(request.user, "billing.view_booksowed"),
    }
    return render(request, "billing/setup/books.html", context, status=422 if form.errors else 200)


@staff_view(CHANGE)
@fresh_second_factor
@sensitive_post_parameters("password", "api_key")
def credentials(request: HttpRequest) -> HttpResponse:
    """Who we are there."""
    one = connecting.connection()
    form = BooksCredentialsForm(posted(request), initial={"user": one.user})
    if request.method == "POST" and form.is_valid():
        try:
            connecting.change_credentials(**form.cleaned_data)
        except DomainError as no:
            refuse(form, no)
        else:
            messages.success(request, "The credentials are saved. Test the connection now.")
            return redirect("billing:books")
    context: dict[str, Any] = {"page_title": "Credentials for SageOne", "form": form}
    return render(
        request, "billing/setup/books_credentials.html", context, status=422 if form.errors else 200
    )


@require_POST
@staff_view(CHANGE)
def test(request: HttpRequest) -> HttpResponse:
    """Ask which companies and accounts there are, so that they can be chosen."""
    try:
        companies = connecting.test()
        known = {"companies": [(one.id, one.name) for one in companies if one.active]}
        if connecting.connection().company_id:
            known["accounts"] = [(one.id, one.name) for one in connecting.accounts() if one.active]
        request.session[KNOWN] = known
        names = ", ".join(one.name for one in companies)
        messages.success(request, f"SageOne knows us: {names or 'no company yet'}.")
    except (DomainError, IntegrationError) as no:
        messages.error(request, str(no))
    return redirect("billing:books")


@staff_view("billing.push_all_to_books")
def push(request: HttpRequest) -> HttpResponse:
    """Have everything sent that waits."""

    def do(form: Any) -> tuple[str, str]:
        count = owing.push_all(actor=cast(User, request.user), now=timezone.now())
        return f"{count:,} on the way to SageOne.", reverse("billing:books-owed")

    return answer(
        request,
        form=forms.Form(posted(request)),
        title="Push all to SageOne",
        press="Push all",
        do=do,
        said="Everything that waits goes to SageOne, one after the other, about two seconds each. What SageOne"
        " refused waits for a person.",
    )
