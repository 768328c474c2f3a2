"""Dialogs of the page Packages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dataaccounts.forms.packages import PackageForm
from dataaccounts.models import Package
from dataaccounts.selectors import packages as reading
from dataaccounts.services import packages
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import changed, dialog

TEMPLATE = "dataaccounts/packages/_dialog.html"


def _shown(request: HttpRequest, form: PackageForm, **context: Any) -> HttpResponse:
    context |= {"form": form, "action": request.path}
    return dialog(request, TEMPLATE, context, 422 if request.method == "POST" else 200)


@staff_view("dataaccounts.add_package")
def new(request: HttpRequest) -> HttpResponse:
    """A new package."""
    form = PackageForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = packages.add(values=form.values(), actor=request.user)  # type: ignore[arg-type]
        except DomainError as no:
            refuse(form, no)
        else:
            return changed(request, f"{made} is sold from now on.", reverse("dataaccounts:packages"))
    return _shown(request, form, page_title="New package", press="Add package")


@staff_view("dataaccounts.change_package")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a package: told first whom it meets."""
    package = get_object_or_404(Package, pk=pk)
    form = PackageForm(request.POST if request.method == "POST" else None, instance=package)
    reach = reading.reach(package)
    if form.is_bound and form.is_valid():
        try:
            owed = packages.change(
                package=package,
                values=form.values(),
                actor=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except DomainError as no:
            refuse(form, no)
        else:
            told = f" {owed:,} session{'' if owed == 1 else 's'} will be told." if owed else ""
            return changed(request, f"{package} is changed.{told}", reverse("dataaccounts:packages"))
    may_delete = may(request.user, "dataaccounts.delete_package") and not reading.uses(package)
    context = {"package": package, "reach": reach, "may_delete": may_delete}
    return _shown(request, form, page_title=f"Change {package}", press="Save package", **context)


@require_POST
@staff_view("dataaccounts.change_package")
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Sell a package no longer, or again."""
    package = get_object_or_404(Package, pk=pk)
    packages.retire(package=package, retired=not package.retired, actor=request.user)  # type: ignore[arg-type]
    said = "is sold again" if package.retired else "is no longer sold; who has it keeps it"
    return changed(request, f"{package} {said}.", reverse("dataaccounts:packages"))


@require_POST
@staff_view("dataaccounts.delete_package")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a package that nothing uses."""
    package = get_object_or_404(Package, pk=pk)
    back = reverse("dataaccounts:packages")
    try:
        packages.delete(package=package, actor=request.user)  # type: ignore[arg-type]
    except DomainError as no:
        return changed(request, str(no), back, tone="bad")
    return changed(request, f"{package} is deleted.", back)
