"""Collection batches: built, looked at, and every deed on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from billing.collecting import channels
from billing.forms.batches import AmountForm, BuildForm, PlainForm, WhyForm
from billing.models import CollectionBatch, CollectionLine
from billing.policies import batches as policy
from billing.selectors import batch_hands, batch_pages, cutover
from billing.services import batches, collection_results, debit_notices
from billing.services.batches import runs as batch_runs
from billing.views.dialogs import answer
from customers.models import BillingGroup
from herotill.access import may, staff_view
from herotill.downloads import as_download
from herotill.errors import DomainError, IntegrationError
from herotill.lists.views.dialogs import dialog
from herotill.money import rand
from herotill.pages import posted
from herotill.typed import number
from herotill.users.models import User

State = CollectionBatch.State
BUILD, RELEASE, SEND = "billing.add_collectionbatch", "billing.release_batch", "billing.send_batch"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a person can press at a batch, in which states, and what is done."""

    label: str
    says: str
    permission: str
    states: tuple[str, ...]
    do: Callable[[CollectionBatch, dict[str, Any], User], str]
    asks_why: bool = False
    danger: bool = False
    carried: bool = False
    css: str = ""
    done: str = ""


def _update(batch: CollectionBatch, data: dict[str, Any], user: User) -> str:
    run = batch_runs.start(kind=batch_runs.UPDATE, batch=batch, actor=user)
    return reverse("run", args=[run.pk])


def _send(batch: CollectionBatch, data: dict[str, Any], user: User) -> str:
    run = batch_runs.start(kind=batch_runs.SEND, batch=batch, actor=user)
    return reverse("run", args=[run.pk])


def _release(batch: CollectionBatch, data: dict[str, Any], user: User) -> str:
    batches.release(batch=batch, actor=user, now=timezone.now())
    return ""


def _take_back(batch: CollectionBatch, data: dict[str, Any], user: User) -> str:
    batches.take_back(batch=batch, why=data["why"], actor=user)
    return ""


def _cancel(batch: CollectionBatch, data: dict[str, Any], user: User) -> str:
    batches.cancel(batch=batch, why=data["why"], actor=user)
    return ""


def _mark_sent(batch: CollectionBatch, data: dict[str, Any], user: User) -> str:
    batches.mark_sent(batch=batch, actor=user, now=timezone.now())
    return ""


def _ask(batch: CollectionBatch, data: dict[str, Any], user: User) -> str:
    batches.ask(batch=batch, actor=user, now=timezone.now())
    return ""


def _authorise(batch: CollectionBatch, data: dict[str, Any], user: User) -> str:
    batches.authorise(batch=batch, actor=user, now=timezone.now())
    return ""


def _announce(batch: CollectionBatch, data: dict[str, Any], user: User) -> str:
    debit_notices.announce(batch=batch, actor=user, now=timezone.now())
    return ""


DEEDS = {
    "update": Deed(
        "Update",
        "Everything is worked out anew from what is owed now. Amounts that were changed and lines that were left"
        " out by hand stay so.",
        BUILD,
        (State.DRAFT,),
        _update,
        done="The batch is being worked out anew.",
    ),
    "announce": Deed(
        "Announce debits",
        "Customers whose debit differs from their last are told amount and date. Nobody is told twice.",
        BUILD,
        (State.DRAFT, State.RELEASED),
        _announce,
        done="Who is to be told will be told.",
    ),
    "release": Deed(
        "Release",
        "Everything is worked out once more, who has paid is dropped, and the batch is sealed. It can be taken"
        " back until it is sent.",
        RELEASE,
        (State.DRAFT,),
        _release,
        css="btn--pri",
        done="Released and sealed.",
    ),
    "send": Deed(
        "Send",
        "Who has paid since the release is dropped, and the batch goes out. There is no way back.",
        SEND,
        (State.RELEASED,),
        _send,
        carried=True,
        css="btn--pri",
        done="The batch is on its way.",
    ),
    "mark-sent": Deed(
        "Uploaded by hand",
        "Say that the downloaded file was uploaded. Its lines then wait for their results.",
        SEND,
        (State.RELEASED,),
        _mark_sent,
        done="Noted as uploaded.",
    ),
    "ask": Deed(
        "Ask how it stands",
        "The other side is asked what became of the batch.",
        SEND,
        (State.RELEASED, State.SENT, State.LOADED, State.AUTHORISED),
        _ask,
        carried=True,
        done="Asked; it says how it stands.",
    ),
    "authorise": Deed(
        "Authorise",
        "The loaded batch is let go at the bank.",
        SEND,
        (State.LOADED,),
        _authorise,
        carried=True,
        css="btn--pri",
        done="Authorised.",
    ),
    "take-back": Deed(
        "Take the release back",
        "It becomes a draft again. If its file is at the bank already, remove it there first.",
        RELEASE,
        (State.RELEASED,),
        _take_back,
        asks_why=True,
        danger=True,
        done="It is a draft again.",
    ),
    "cancel": Deed(
        "Cancel the batch",
        "It is given up; what it would have collected is free for another.",
        BUILD,
        (State.DRAFT, State.RELEASED),
        _cancel,
        asks_why=True,
        danger=True,
        done="The batch is cancelled.",
    ),
}


def _found(pk: int) -> CollectionBatch:
    return get_object_or_404(
        CollectionBatch.objects.select_related("billing_group", "released_by", "made_by"), pk=pk
    )


@require_safe
@staff_view("billing.view_collectionbatch")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: totals, warnings, problems, who is left out, and what can be done."""
    batch = _found(pk)
    request.menu_entry = "billing.batches"  # type: ignore[attr-defined]
    channel = channels.get(batch.channel)
    context = {
        "page_title": batch.name,
        "batch": batch,
        "channel": channel,
        "page": batch_pages.page(batch),
        "deeds": _deeds(batch, request.user),
        "refusal": _refusal(batch, request.user),
        "unsigned": not cutover.signed(),
        "may_download": batch.release_hash and may(request.user, "billing.download_batch"),
    }
    return render(request, "billing/collections/show.html", context)


def _refusal(batch: CollectionBatch, user: Any) -> str:
    if batch.state != State.DRAFT or not may(user, RELEASE):
        return ""
    return batch_hands.refusal(batch, user)


def _deeds(batch: CollectionBatch, user: Any) -> list[tuple[str, Deed]]:
    channel = channels.get(batch.channel)
    return [
        (name, deed)
        for name, deed in DEEDS.items()
        if batch.state in deed.states
        and may(user, deed.permission)
        and not (deed.carried and (channel is None or channel.carrier is None))
        and not (name == "ask" and batch.state == State.RELEASED and not batch.sent_at)
    ]


@staff_view("billing.view_collectionbatch")
def deed(request: HttpRequest, pk: int, deed_name: str) -> HttpResponse:
    """One of the deeds; each asks its own right."""
    asked, batch = DEEDS.get(deed_name), _found(pk)
    if asked is None:
        raise Http404("There is no such deed.")
    if not may(request.user, asked.permission):
        raise PermissionDenied

    def do(form: Any) -> tuple[str, str]:
        if batch.state not in asked.states:
            raise DomainError(f"The batch is {batch.get_state_display().lower()}.")
        try:
            url = asked.do(batch, form.cleaned_data, cast(User, request.user))
        except IntegrationError as no:
            raise DomainError(str(no)) from no
        return asked.done or asked.label, url or _url(batch)

    return answer(
        request,
        form=(WhyForm if asked.asks_why else PlainForm)(posted(request)),
        title=f"{asked.label}: {batch.name}",
        press=_press(asked, batch),
        do=do,
        said=asked.says,
        danger=asked.danger,
    )


def _press(asked: Deed, batch: CollectionBatch) -> str:
    """What the button says; what is collected stands on it where money begins to move."""
    if asked.css != "btn--pri":
        return asked.label
    lines = "1 line" if batch.lines == 1 else f"{batch.lines:,} lines"
    return f"{asked.label} {lines}, {rand(batch.total)}"


def _url(batch: CollectionBatch) -> str:
    return reverse("billing:batch", args=[batch.pk])


@staff_view("billing.add_collectionbatch")
def build(request: HttpRequest) -> HttpResponse:
    """Build a batch: proposed are the first group's next run and what is due by then."""

    def do(form: Any) -> tuple[str, str]:
        given = form.cleaned_data
        run = batch_runs.start_build(
            group=given["group"],
            action_date=given["action_date"],
            due_upto=given["due_upto"],
            channel=given["channel"],
            actor=cast(User, request.user),
        )
        return "The batch is being built.", reverse("run", args=[run.pk])

    form = BuildForm(posted(request), initial=_proposal(request))
    return answer(
        request,
        form=form,
        title="Build a batch",
        press="Build batch",
        do=do,
        said=_said_before(),
    )


def _proposal(request: HttpRequest) -> dict[str, Any]:
    asked = number(request.GET.get("group"))
    groups = BillingGroup.objects.filter(retired=False)
    group = groups.first() if asked is None else groups.filter(pk=asked).first()
    channel = next(iter(channels), None)
    if group is None or channel is None:
        return {}
    day = policy.next_date(group.run_day, channel.earliest(timezone.now()))
    return {"group": group, "action_date": day, "due_upto": day, "channel": channel.name}


def _said_before() -> str:
    """What would stand in the way of every batch."""
    if not cutover.signed():
        return "What was taken over is not signed yet, so everybody would be left out."
    closed = [one.closed() for one in channels]
    if closed and all(closed):
        return f"Nothing can be released yet: {closed[0]}"
    return "The date proposed is the group's next run that the bank still takes."


@require_POST
@staff_view("billing.download_batch")
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a released batch; who has paid since is dropped from it first."""
    batch = _found(pk)
    try:
        content = batches.file_of(batch=batch, actor=cast(User, request.user), now=timezone.now())
    except DomainError as no:
        messages.error(request, str(no))
        return redirect("billing:batch", pk=pk)
    extension = batches.channel_of(batch).extension
    return as_download(
        HttpResponse(content, content_type="application/octet-stream"), f"{batch.name}.{extension}"
    )


@require_safe
@staff_view("billing.view_collectionbatch")
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: what it collects, what was changed, what became of it."""
    found = get_object_or_404(
        CollectionLine.objects.select_related(
            "batch", "customer", "mandate__detail__bank", "card", "receipt"
        ),
        pk=pk,
    )
    context = {
        "page_title": f"{found.reference} in {found.batch.name}",
        "line": found,
        "rest": max(found.due - found.credit - found.amount, 0),
        "entries": found.entries.select_related("entry").order_by("pk"),
        "results": found.results.order_by("day", "pk"),
        "may_give_up": may(request.user, "billing.import_collection_results")
        and collection_results.unanswered(timezone.localdate()).filter(pk=pk).exists(),
        "may_change": found.batch.state == State.DRAFT and may(request.user, "billing.change_collectionline"),
    }
    return dialog(request, "billing/collections/line.html", context)


@staff_view("billing.change_collectionline")
def change_line(request: HttpRequest, pk: int, deed_name: str) -> HttpResponse:
    """Another amount, left out, or put back."""
    found = get_object_or_404(CollectionLine.objects.select_related("batch"), pk=pk)
    user, now = cast(User, request.user), timezone.now()
    titles = {
        "amount": "Change the amount",
        "leave-out": "Leave out of the batch",
        "put-back": "Put back into the batch",
    }
    if deed_name not in titles:
        raise Http404("There is no such deed.")

    def do(form: Any) -> tuple[str, str]:
        data = form.cleaned_data
        if deed_name == "amount":
            batches.edit_line(line=found, amount=data["amount"], why=data["why"], actor=user, now=now)
        elif deed_name == "leave-out":
            batches.withdraw_line(line=found, why=data["why"], actor=user, now=now)
        else:
            batches.put_back(line=found, actor=user, now=now)
        return "The batch is changed.", reverse("billing:batch-lines") + f"?batch={found.batch_id}"

    form: Any = {
        "amount": lambda: AmountForm(posted(request), initial={"amount": found.amount}),
        "leave-out": lambda: WhyForm(posted(request)),
    }.get(deed_name, lambda: PlainForm(posted(request)))()
    return answer(
        request,
        form=form,
        title=f"{titles[deed_name]}: {found.reference}",
        press=titles[deed_name],
        do=do,
        stays=True,
    )
