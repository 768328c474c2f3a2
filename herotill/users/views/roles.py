"""Setup: roles, the permission matrix, and what waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.pages import me, page
from herotill.typed import number
from herotill.users.forms import RoleForm
from herotill.users.grants import ADMINISTRATOR, AUDITOR, Right, rights
from herotill.users.models import RightsRequest, Role
from herotill.users.policies.granting import Giver, refusal_of_approval
from herotill.users.selectors import rights as reading
from herotill.users.services import rights as giving
from herotill.users.services import roles


@staff_view("users.view_role")
def listed(request: HttpRequest) -> HttpResponse:
    """All roles."""
    return page(request, "users/roles.html", roles=reading.roles(), page_title="Roles")


@staff_view("users.add_role")
def add(request: HttpRequest) -> HttpResponse:
    """A new role."""
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            role = roles.create(**form.cleaned_data)
        except DomainError as trouble:
            refuse(form, trouble)
        else:
            messages.success(request, f"{role} was added. It holds nothing yet: give it rights here.")
            return redirect("users:matrix")
    return page(request, "users/role.html", form=form, page_title="New role")


@staff_view("users.change_role")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A role's name, and whether it demands a second factor."""
    role = get_object_or_404(Role, pk=pk)
    form = RoleForm(request.POST or None, instance=role)
    if request.method == "POST" and form.is_valid():
        try:
            roles.change(role=role, **form.cleaned_data)
        except DomainError as trouble:
            refuse(form, trouble)
        else:
            messages.success(request, f"{role} was saved.")
            return redirect("users:roles")
    return page(request, "users/role.html", form=form, role=role, page_title=role.label)


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a role holds a right, and whether this person can change that here."""

    role: Role
    right: Right
    held: bool
    asked: bool
    fixed: bool

    @property
    def value(self) -> str:
        return f"{self.role.pk}:{self.right.name}"


@staff_view("users.view_role")
def matrix(request: HttpRequest, area: str = "") -> HttpResponse:
    """Who holds what: the rights of one area by screen, and the roles."""
    areas = reading.areas()
    area = area or next(iter(areas), "")
    if area not in areas:
        raise Http404
    shown = [right for right in rights if right.app == area]
    names = [right.name for right in shown]
    if request.method == "POST" and _saved(request, names):
        return redirect("users:matrix-area", area=area)
    held, all_roles = reading.held_by_roles(names), reading.roles()
    context: dict[str, Any] = {
        "area": area,
        "areas": areas,
        "roles": all_roles,
        "screens": _screens(
            shown, all_roles, held, reading.giver(me(request)), may(request.user, "users.grant_rights")
        ),
        "seen": reading.fingerprint(held, names),
        "waiting": reading.pending().count(),
        "page_title": "Rights",
    }
    return page(request, "users/matrix.html", status=422 if request.method == "POST" else 200, **context)


def _saved(request: HttpRequest, names: list[str]) -> bool:
    if not may(request.user, "users.grant_rights"):
        messages.error(request, "You may look at rights, not give them.")
        return False
    wanted = {
        (role, right)
        for one, _, right in (cell.partition(":") for cell in request.POST.getlist("held"))
        if (role := number(one)) is not None
    }
    fixed = request.POST.get("seen", "")
    try:
        asked = giving.change_matrix(names=names, wanted=wanted, seen=fixed, actor=me(request))
    except DomainError as trouble:
        messages.error(request, str(trouble))
        return False
    messages.success(request, "Rights saved.")
    if asked:
        messages.info(request, f"{asked} money right{'' if asked == 1 else 's'} wait for a second person.")
    return True


def _screens(
    shown: list[Right], all_roles: list[Role], held: dict[int, set[str]], giver: Giver, granting: bool
) -> list[tuple[str, list[tuple[Right, list[Cell]]]]]:
    """The matrix: screens, their rights, and a cell for each role."""
    asked = {(each.role_id, reading.asked(each)[0]) for each in reading.pending() if each.permission}
    rows = [
        (right, [_cell(role, right, held, asked, giver, granting) for role in all_roles]) for right in shown
    ]
    return [(screen, list(group)) for screen, group in groupby(rows, key=lambda row: row[0].screen)]


def _cell(
    role: Role,
    right: Right,
    held: dict[int, set[str]],
    asked: set[tuple[int, str]],
    giver: Giver,
    granting: bool,
) -> Cell:
    has = right.name in held[role.pk]
    never = role.name == ADMINISTRATOR or (role.name == AUDITOR and right.changes)
    cannot_give = not has and (role.name in giver.roles or right.name not in giver.holds)
    waiting = (role.pk, right.name) in asked
    return Cell(role, right, has, waiting, not granting or never or cannot_give or waiting)


@staff_view("users.view_role")
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for a second person."""
    giver = reading.giver(me(request))
    waiting = [(each, _names(each), _refusal(giver, each)) for each in reading.pending()]
    return page(request, "users/approvals.html", waiting=waiting, page_title="Approvals")


def _names(request: RightsRequest) -> list[str]:
    """The money rights that it gives, in words."""
    found: list[Any] = [rights.get(name) for name in reading.asked(request)]
    return [right.label for right in found if right and right.money]


def _refusal(giver: Giver, request: RightsRequest) -> str:
    return refusal_of_approval(
        giver,
        rights=reading.asked(request),
        requested_by=request.requested_by_id,
        receiver_id=request.user_id,
        role=request.role.name,
    )


@staff_view("users.approve_rights")
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, or refuse."""
    wanted = get_object_or_404(RightsRequest, pk=pk)
    verb = giving.approve if request.POST.get("outcome") == "approve" else giving.refuse
    try:
        verb(request=wanted, actor=me(request), now=timezone.now())
    except DomainError as trouble:
        messages.error(request, str(trouble))
    else:
        messages.success(request, "Approved." if verb is giving.approve else "Refused.")
    return redirect("users:approvals")
