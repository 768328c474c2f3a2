"""What is done with a lead by hand, each deed a dialog of its page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from billing.views.dialogs import answer
from herotill.access import staff_view
from herotill.lists.views.dialogs import dialog
from herotill.pages import posted
from workflow.forms import leads as forms
from workflow.models import Lead
from workflow.services import lead_merging, leads
from workflow.views.leads import find_lead

WIDE = "workflow/leads/_wide_dialog.html"


def url_of(lead: Lead) -> str:
    return reverse("workflow:lead", args=[lead.pk])


@staff_view("workflow.add_lead")
def new(request: HttpRequest) -> HttpResponse:
    """Capture a lead; where somebody like it is known, the dialog says so first."""
    form = forms.CaptureForm(posted(request), user=request.user)

    def do(form: forms.CaptureForm) -> tuple[str, str]:
        lead = leads.capture(values=form.values(), actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return f"{lead} captured.", url_of(lead)

    return answer(
        request,
        form=form,
        title="Capture a lead",
        press="Capture lead",
        do=do,
        template="workflow/leads/_capture.html",
    )


def _changed(request: HttpRequest, pk: int, form_class: Any, title: str, said: str) -> HttpResponse:
    lead = find_lead(pk)
    given = {"user": request.user} if form_class is forms.ChangeForm else {}
    form = form_class(posted(request), instance=find_lead(pk), **given)

    def do(form: Any) -> tuple[str, str]:
        now, seen = timezone.now(), form.cleaned_data["version"]
        leads.change(lead=lead, values=form.values(), actor=request.user, now=now, seen=seen)  # type: ignore[arg-type]
        return said, url_of(lead)

    return answer(request, form=form, title=title, press="Save", do=do, template=WIDE, stays=True)


@staff_view("workflow.change_lead")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Who it is and what they want."""
    return _changed(request, pk, forms.ChangeForm, "Change the lead", "Lead saved.")


@staff_view("workflow.change_lead")
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it is."""
    return _changed(request, pk, forms.PlaceForm, "Address and map", "Address saved.")


@staff_view("workflow.change_lead")
def next_action(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be done next."""
    lead = find_lead(pk)
    held = {"next_action": lead.next_action, "next_action_on": lead.next_action_on}
    form = forms.NextForm(posted(request), initial=held)

    def do(form: forms.NextForm) -> tuple[str, str]:
        values = {name: form.cleaned_data[name] for name in forms.NEXT}
        leads.change(lead=lead, values=values, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return "Next action saved.", url_of(lead)

    return answer(request, form=form, title="Next action", press="Save", do=do, stays=True)


@staff_view("workflow.assign_leads")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to somebody."""
    lead = find_lead(pk)
    form = forms.OwnerForm(posted(request), initial={"owner": lead.owner_id})

    def do(form: forms.OwnerForm) -> tuple[str, str]:
        owner = form.cleaned_data["owner"]
        leads.assign(leads=[lead.pk], owner=owner, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return f"Given to {owner.name or owner.username}." if owner else "Nobody owns it now.", url_of(lead)

    return answer(request, form=form, title="Whose lead is it?", press="Give", do=do, stays=True)


@staff_view("workflow.add_leadnote")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was said."""
    lead = find_lead(pk)

    def do(form: forms.NoteForm) -> tuple[str, str]:
        leads.note(lead=lead, text=form.cleaned_data["text"], actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        return "Note added.", url_of(lead)

    form = forms.NoteForm(posted(request))
    return answer(request, form=form, title="Add note", press="Add note", do=do, stays=True)


@staff_view("workflow.lose_lead")
def lose(request: HttpRequest, pk: int) -> HttpResponse:
    """It comes to nothing."""
    lead = find_lead(pk)

    def do(form: forms.LostForm) -> tuple[str, str]:
        data = form.cleaned_data
        leads.lose(
            leads=[lead.pk],
            reason=data["reason"],
            words=data["words"],
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return f"{lead.name} is lost.", url_of(lead)

    form = forms.LostForm(posted(request), initial={"reason": request.GET.get("reason")})
    return answer(
        request, form=form, title="Lose the lead", press="Lose the lead", do=do, stays=True, danger=True
    )


@staff_view("workflow.lose_lead")
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A lost lead goes on."""
    lead = find_lead(pk)

    def do(form: forms.BackForm) -> tuple[str, str]:
        why = form.cleaned_data["why"]
        leads.bring_back(leads=[lead.pk], actor=request.user, now=timezone.now(), why=why)  # type: ignore[arg-type]
        return f"{lead.name} goes on.", url_of(lead)

    form = forms.BackForm(posted(request))
    return answer(
        request,
        form=form,
        title="Bring the lead back",
        press="Bring it back",
        do=do,
        stays=True,
        said="It goes on in the list where it was lost; where something is missing by now, in Being worked on.",
    )


@staff_view("workflow.merge_leads")
def which(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the lead that this one is merged with."""
    lead = find_lead(pk)
    form = forms.WhichForm(posted(request))
    context: dict[str, Any] = {"form": form, "page_title": "Merge with another lead", "press": "Compare them"}
    context["action"] = request.get_full_path()
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["number"]
        other = Lead.objects.filter(pk=number).first()
        no = lead_merging.why_not(lead, other) if other else f"There is no lead L{number}."
        if not no:
            return _to_preview(request, lead, number)
        form.add_error("number", no)
    return dialog(request, "lists/_form_dialog.html", context, 422 if form.is_bound else 200)


def _to_preview(request: HttpRequest, lead: Lead, number: int) -> HttpResponse:
    url = reverse("workflow:lead-merge", args=[lead.pk, number])
    return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else redirect(url)


@staff_view("workflow.merge_leads")
def merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Look at both, say whose values stay, and make them one."""
    into, gone = find_lead(pk), find_lead(other)
    parts = lead_merging.preview(into, gone, sees_numbers=request.user.has_perm(forms.SEES_NUMBERS))
    form = forms.MergeForm(posted(request), parts=parts)

    def do(form: forms.MergeForm) -> tuple[str, str]:
        now = timezone.now()
        leads.merge(into=into, other=gone, actor=request.user, now=now, taking=form.taking)  # type: ignore[arg-type]
        return f"{gone} was merged into {into}.", url_of(into)

    return answer(
        request,
        form=form,
        title=f"Merge {gone} into {into}",
        press="Merge the two leads",
        do=do,
        template="workflow/leads/_merge.html",
        into=into,
        gone=gone,
        parts=parts,
        no=lead_merging.why_not(into, gone),
    )
