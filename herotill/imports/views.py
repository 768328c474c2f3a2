"""The wizard's screens: upload, map, dry run, apply, and the way back. `urls.of_import` puts them up for a kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from herotill import moving_in, runs
from herotill.access import may, staff_view
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.imports import asking, mapping, rows, showing, steps, uploads
from herotill.imports.forms import ConfirmForm, MapForm, UploadForm
from herotill.imports.kinds import ImportKind
from herotill.imports.presets import Preset
from herotill.models import Import, ImportPreset
from herotill.typed import number

State = Import.State
HISTORY = 25
SHOWN = 10  # totals by code on the screen; the file has them all


def _found(kind: ImportKind, pk: int) -> Import:
    related = "dry_run run back_run created_by applied_by rolled_back_by".split()
    batch = Import.objects.filter(kind=kind.name, pk=pk).select_related(*related).first()
    if batch is None:
        raise Http404
    return batch


def way_to(kinds: Sequence[ImportKind], permission: str, order: str) -> Callable[..., HttpResponse]:
    """A page that leads to several imports, for who may import: what each needs, and when it was done last.

    `order` says in a sentence or two which comes before which.
    """

    @require_safe
    @staff_view(permission)
    def index(request: HttpRequest) -> HttpResponse:
        """What can be brought in, and when that was done last."""
        found = Import.objects.filter(kind__in=[kind.name for kind in kinds], state=State.APPLIED)
        last = dict(found.order_by("pk").values_list("kind", "applied_at"))
        theirs = [kind for kind in kinds if may(request.user, kind.permission)]
        ways = [{"kind": kind, "url": kind.url(), "last": last.get(kind.name)} for kind in theirs]
        return render(request, "imports/kinds.html", {"page_title": "Import", "kinds": ways, "order": order})

    return index


def _page(request: HttpRequest, kind: ImportKind, template: str, step: str, **context: Any) -> HttpResponse:
    status = context.pop("status", 200)
    given = {"kind": kind, "page_title": kind.title, "steps": showing.steps(step), **context}
    given["moving_in"] = _move(request, kind)
    return render(request, f"imports/{template}.html", given, status=status)


def _move(request: HttpRequest, kind: ImportKind) -> str:
    """Where the step of the move stands that this import brings, while one is under way."""
    step = next((step for step in moving_in.steps if step.imports == kind.name), None)
    if step is None or not may(request.user, "house.view_movingin") or not moving_in.current():
        return ""
    return f"{reverse('moving-in')}#step-{step.name}"


def home(request: HttpRequest, kind: ImportKind) -> HttpResponse:
    """Take a file, and list the imports there were."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            batch = uploads.receive(kind=kind, upload=form.cleaned_data["file"], actor=request.user)
        except DomainError as no:
            form.add_error("file", str(no))
        else:
            return _on(request, kind.url("map", batch.pk))
    return _page(
        request,
        kind,
        "home",
        "upload",
        form=form,
        status=422 if form.errors else 200,
        **_history(request, kind),
    )


def _history(request: HttpRequest, kind: ImportKind) -> dict[str, Any]:
    before = number(request.GET.get("before"))
    found = Import.objects.filter(kind=kind.name).select_related(
        "run", "back_run", "created_by", "applied_by"
    )
    found = found.order_by("-pk") if before is None else found.order_by("-pk").filter(pk__lt=before)
    batches = list(found[: HISTORY + 1])
    shown = [showing.Summary(kind, batch, request.user) for batch in batches[:HISTORY]]
    older = batches[HISTORY - 1].pk if len(batches) > HISTORY else None
    return {"history": shown, "older": older, "newest": before is None}


def _on(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else redirect(url)


def map_columns(request: HttpRequest, kind: ImportKind, pk: int) -> HttpResponse:
    """Say what each column means."""
    batch = _found(kind, pk)
    if batch.standing not in (State.UPLOADED, State.MAPPED, State.DRY):
        return redirect(kind.url("show", pk))
    preset = _preset(request, kind, batch)
    form = _map_form(request, kind, batch, preset)
    if request.method == "POST" and form.is_valid():
        try:
            _choose(request, kind, batch, form)
        except DomainError as no:
            refuse(form, no)
        else:
            return redirect(kind.url("show", pk))
    left_out = asking.left_out(kind, mapping.fitted(batch.headings, preset.fields), request.user)
    context = {
        "batch": batch,
        "form": form,
        "preset": preset,
        "presets": mapping.presets(kind),
        "own": list(ImportPreset.objects.filter(kind=kind.name, owner_id=request.user.pk)),
        "left_out": [(heading, kind.fields[name].label) for heading, name in left_out.items()],
        "same": uploads.same_before(batch),
        "status": 422 if form.errors else 200,
    }
    return _page(request, kind, "map", "map", **context)


def _preset(request: HttpRequest, kind: ImportKind, batch: Import) -> Preset:
    """The one asked for by name, what was chosen before, or what fits."""
    wanted = request.GET.get("preset")
    named = next((preset for preset in mapping.presets(kind) if preset.name == wanted), None)
    return named or (Preset("", batch.mapping) if batch.mapping else mapping.proposed(kind, batch))


def _map_form(request: HttpRequest, kind: ImportKind, batch: Import, preset: Preset) -> MapForm:
    theirs = batch.created_by_id == request.user.pk
    fields = asking.fields_for(kind, request.user)
    fitted = mapping.fitted(batch.headings, preset.fields)
    return MapForm(
        request.POST if request.method == "POST" else None,
        batch=batch,
        mapping=fitted,
        fields=fields,
        samples=rows.samples(batch, secret=kind.secret_among(fitted))
        if theirs
        else [""] * len(batch.headings),
        day_label=kind.day_label if kind.day_field in fields else "",
        day=batch.day or timezone.localdate(),
    )


def _choose(request: HttpRequest, kind: ImportKind, batch: Import, form: MapForm) -> None:
    """Keep the mapping, save it under a name if one is given, and begin the dry run."""
    chosen = form.mapping
    steps.choose(pk=batch.pk, mapping=chosen, day=form.cleaned_data.get("day"), actor=request.user)
    if form.cleaned_data["name"]:
        mapping.save(kind=kind, name=form.cleaned_data["name"], mapping=chosen, actor=request.user)
    steps.dry_run(pk=batch.pk, actor=request.user)


def show(request: HttpRequest, kind: ImportKind, pk: int) -> HttpResponse:
    """Where an import stands: its run while there is one, then what each record comes to."""
    batch = _found(kind, pk)
    run = batch.current_run
    if batch.standing == State.UPLOADED:
        return redirect(kind.url("map", pk))
    narrowing = rows.Narrowing.read(request.GET)
    summary = showing.Summary(kind, batch, request.user)
    page = rows.page(narrowing.of(batch), after=_line(request, "after"), before=_line(request, "before"))
    context = {
        "batch": batch,
        "standing": batch.standing.value,
        "shown": runs.shown(run, user=request.user, now=timezone.now()) if run else None,
        "summary": summary,
        "narrowing": narrowing,
        "page": page,
        "records": showing.records(kind, batch, page.rows, asking.Sight(kind, batch, request.user)),
        "report": showing.columns(kind, request.user),
        "by_code": rows.by_code(kind, batch)[:SHOWN] if summary.sum and not narrowing else [],
        "is_open": bool(run and run.is_open),
        "may_roll_back": batch.standing == State.APPLIED and may(request.user, kind.roll_back_permission),
    }
    return _page(request, kind, "show", showing.STEP_OF[batch.standing], **context)


def _line(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def dry_run(request: HttpRequest, kind: ImportKind, pk: int) -> HttpResponse:
    """Begin the dry run, again perhaps."""
    return _step(request, kind, _found(kind, pk), steps.dry_run)


def apply(request: HttpRequest, kind: ImportKind, pk: int) -> HttpResponse:
    """Import what the dry run showed. Two presses are one."""
    return _step(request, kind, _found(kind, pk), steps.apply)


def _step(request: HttpRequest, kind: ImportKind, batch: Import, step: Any) -> HttpResponse:
    try:
        step(pk=batch.pk, actor=request.user)
    except DomainError as no:
        messages.warning(request, str(no))
    return redirect(kind.url("show", batch.pk))


def roll_back(request: HttpRequest, kind: ImportKind, pk: int) -> HttpResponse:
    """Show what a roll-back will do, and do it once the person has typed that it is meant."""
    batch = _found(kind, pk)
    if batch.standing != State.APPLIED:
        return redirect(kind.url("show", pk))
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _step(request, kind, batch, steps.roll_back)
    context = {
        "batch": batch,
        "form": form,
        "summary": showing.Summary(kind, batch, request.user),
        "way": showing.Way(kind, kind.plan(batch, False)),
        "status": 422 if form.errors else 200,
    }
    return _page(request, kind, "roll_back", "", **context)


def refused(request: HttpRequest, kind: ImportKind, pk: int) -> HttpResponseBase:
    """The refused records as they came, with a reason each."""
    batch = _found(kind, pk)
    lines = rows.refused(kind, batch, asking.Sight(kind, batch, request.user))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    return as_download(response, f"refused-{batch.file_name.rpartition('.')[0] or batch.file_name}.csv")


def totals(request: HttpRequest, kind: ImportKind, pk: int) -> HttpResponseBase:
    """What the import comes to for each code, to be held against the other system."""
    batch = _found(kind, pk)
    if not kind.sum or not may(request.user, kind.sum.permission):
        raise PermissionDenied
    response = StreamingHttpResponse(rows.totals(kind, batch), content_type="text/csv; charset=utf-8")
    return as_download(response, f"totals-{batch.file_name.rpartition('.')[0] or batch.file_name}.csv")


def discard(request: HttpRequest, kind: ImportKind, pk: int) -> HttpResponse:
    """Delete a file that has not been imported, with its report."""
    try:
        steps.discard(pk=_found(kind, pk).pk)
    except DomainError as no:
        messages.warning(request, str(no))
        return redirect(kind.url("show", pk))
    messages.success(request, "The file has been deleted. Nothing of it was imported.")
    return redirect(kind.url())


def forget(request: HttpRequest, kind: ImportKind, pk: int) -> HttpResponse:
    """Delete a mapping of one's own."""
    ImportPreset.objects.filter(kind=kind.name, owner_id=request.user.pk, pk=pk).delete()
    messages.success(request, "The mapping has been deleted.")
    return redirect(kind.url())
