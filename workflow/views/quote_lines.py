"""Lines of a draft: added, changed, removed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from billing.views.dialogs import answer
from herotill.access import may, staff_view
from herotill.forms import Form
from herotill.money import ZERO
from herotill.pages import posted
from workflow.forms import quotes as forms
from workflow.models import Quote, QuoteLine
from workflow.selectors import quotes as reading
from workflow.services import quotes
from workflow.services.quotes.drafting import FREELY
from workflow.views.quotes import WRITE, one, url_of


def _most(user: Any) -> Decimal:
    """How many percent below the list this person may go."""
    if may(user, "workflow.discount_quote_freely"):
        return FREELY
    return reading.rules().discount_limit if may(user, "workflow.discount_quote") else ZERO


def _dialog(
    request: HttpRequest,
    quote: Quote,
    form: Any,
    title: str,
    press: str,
    do: Callable[[Any], object],
    said: str,
) -> HttpResponse:
    def done(form: Any) -> tuple[str, str]:
        do(form)
        return said, url_of(quote)

    return answer(request, form=form, title=title, press=press, do=done, stays=True)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(WRITE)
def add_package(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a package."""
    quote, most = one(pk), _most(request.user)

    def do(form: forms.PackageForm) -> None:
        data = form.cleaned_data
        quotes.add_package(
            quote=quote, package=data["package"], quantity=data["quantity"], discount=form.given, most=most
        )

    form = forms.PackageForm(posted(request), most=most)
    return _dialog(request, quote, form, "Add package", "Add package", do, "Package added.")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(WRITE)
def add_product(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a product, once or every month."""
    quote, most = one(pk), _most(request.user)

    def do(form: forms.ProductForm) -> None:
        data = form.cleaned_data
        quotes.add_line(
            quote=quote,
            product=data["product"],
            monthly=bool(data["monthly"]),
            quantity=data["quantity"],
            price=data["price"],
            text=data["text"],
            discount=form.given,
            most=most,
        )

    form = forms.ProductForm(posted(request), most=most)
    return _dialog(request, quote, form, "Add product", "Add product", do, "Product added.")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(WRITE)
def add_survey_cost(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer what the survey found it costs more."""
    quote = one(pk)
    survey = reading.extra_of(quote)
    if survey is None:
        raise Http404("The survey found no extra cost that is not on the quote.")
    form = forms.SurveyCostForm(posted(request), survey=survey)

    def do(form: forms.SurveyCostForm) -> None:
        quotes.add_survey_cost(quote=quote, **form.cleaned_data, most=_most(request.user))

    return _dialog(request, quote, form, "Cost found by the survey", "Add line", do, "Line added.")


def _line(line: int) -> QuoteLine:
    return get_object_or_404(QuoteLine.objects.select_related("quote", "product"), pk=line)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(WRITE)
def change(request: HttpRequest, line: int) -> HttpResponse:
    """Change a line."""
    found, most = _line(line), _most(request.user)
    initial = {name: getattr(found, name) for name in ("text", "quantity", "price", "discount")}

    def do(form: forms.LineForm) -> None:
        data = form.cleaned_data
        quotes.change_line(
            line=found,
            text=data["text"],
            quantity=data["quantity"],
            price=data["price"],
            discount=form.given if "discount" in form.fields else found.discount,
            most=most,
        )

    form = forms.LineForm(posted(request), initial=initial, most=most)
    return _dialog(request, found.quote, form, "Change line", "Save line", do, "Line changed.")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(WRITE)
def remove(request: HttpRequest, line: int) -> HttpResponse:
    """Take a line off."""
    found = _line(line)
    title = f"Remove {found.text}?"
    return _dialog(
        request,
        found.quote,
        Form(posted(request)),
        title,
        "Remove line",
        lambda form: quotes.remove_line(line=found),
        "Line removed.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(WRITE)
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Words above the lines."""
    quote = one(pk)
    form = forms.RemarkForm(posted(request), initial={"remark": quote.remark})
    return _dialog(
        request,
        quote,
        form,
        "Words above the lines",
        "Save words",
        lambda form: quotes.write_remark(quote=quote, remark=form.cleaned_data["remark"]),
        "Saved.",
    )
