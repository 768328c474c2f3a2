"""The rules of debit batches in Setup."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from billing.forms.batches import RulesForm, UnpaidCodeForm, WhyForm
from billing.models import CollectionRules, UnpaidCode
from billing.selectors import batch_rules as reading
from billing.services import batch_rules
from billing.views.dialogs import answer
from herotill.access import may, staff_view
from herotill.pages import posted
from herotill.users.models import User

CHANGE = "billing.change_collectionrules"


@staff_view("billing.view_collectionrules")
def show(request: HttpRequest) -> HttpResponse:
    """How batches are made and released."""
    rules = CollectionRules.objects.get()
    changing = may(request.user, CHANGE)
    form = RulesForm(posted(request) if changing else None, instance=CollectionRules.objects.get())
    if request.method == "POST" and changing and form.is_valid():
        form.save()
        messages.success(request, "The rules are kept.")
        return redirect("billing:collection-rules")
    context = {
        "page_title": "Rules of debit batches",
        "rules": rules,
        "form": form,
        "changing": changing,
        "waiting": reading.waiting(),
        "codes": UnpaidCode.objects.all(),
    }
    return render(request, "billing/collections/rules.html", context, status=422 if form.errors else 200)


@staff_view(CHANGE)
def second_person(request: HttpRequest) -> HttpResponse:
    """Ask that a second person is no longer needed, or is again."""
    on = not CollectionRules.objects.get().second_person

    def do(form: Any) -> tuple[str, str]:
        batch_rules.ask(
            on=on, reason=form.cleaned_data["why"], actor=cast(User, request.user), now=timezone.now()
        )
        return "Asked. Somebody else decides; until then it stays.", reverse("billing:collection-rules")

    words = "on" if on else "off"
    return answer(
        request,
        form=WhyForm(posted(request)),
        title=f"Switch the second person {words}",
        press="Ask a second person",
        do=do,
        danger=not on,
        said="Another person with this right decides.",
    )


@staff_view(CHANGE)
def code(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A code of banks and gateways: what it means and what follows."""
    row = get_object_or_404(UnpaidCode, pk=pk) if pk else None

    def do(form: Any) -> tuple[str, str]:
        form.save()
        return "The code is kept.", reverse("billing:collection-rules")

    return answer(
        request,
        form=UnpaidCodeForm(posted(request), instance=row),
        title=f"Code {row.code:02}" if row else "New code",
        press="Keep the code",
        do=do,
        said="It holds for what comes back from now on.",
    )
