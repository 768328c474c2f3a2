"""What can be done with many accounts of the list at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet

from dataaccounts.models import DataAccount
from dataaccounts.services import accounts
from herotill import forms
from herotill.clock import stamp
from herotill.lists import BulkAction, Done


class WhyForm(forms.Form):
    """Why many accounts are suspended or restored."""

    reason = django_forms.CharField(max_length=200)


class _Switch(BulkAction):
    """Suspend or restore many."""

    permission = "dataaccounts.suspend_dataaccount"
    form = WhyForm
    was: str
    verb: str
    done: str

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return chosen.filter(state=self.was).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"{self.verb} {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = list(chosen.filter(state=self.was).order_by().values_list("pk", flat=True))
        touched = self.deed(ids, data["reason"], data["actor"])
        count = len(touched)
        accounts_ = f"{count:,} data account{'' if count == 1 else 's'}"
        return Done(count, f"{accounts_} {self.done}.", [one.id for one in touched])

    def undo(self, *, before: Any) -> int:
        return len(self.way_back(before))

    def deed(self, ids: Sequence[int], reason: str, actor: Any) -> Sequence[Any]:
        raise NotImplementedError

    def way_back(self, ids: Sequence[int]) -> Sequence[Any]:
        raise NotImplementedError


class Suspend(_Switch):
    """Suspend data accounts."""

    name, label, icon, order = "suspend", "Suspend", "pause-circle", 10
    warns = "Their sessions are cut. They go on being billed."
    was, verb, done = DataAccount.State.ACTIVE, "Suspend", "suspended"

    def deed(self, ids: Sequence[int], reason: str, actor: Any) -> Sequence[Any]:
        return accounts.suspend(accounts=ids, reason=reason, actor=actor, now=stamp())

    def way_back(self, ids: Sequence[int]) -> Sequence[Any]:
        return accounts.restore(accounts=ids, reason="Suspended by mistake", actor=None, now=stamp())


class Restore(_Switch):
    """Restore data accounts."""

    name, label, icon, order = "restore", "Restore", "play-circle", 20
    was, verb, done = DataAccount.State.SUSPENDED, "Restore", "restored"

    def deed(self, ids: Sequence[int], reason: str, actor: Any) -> Sequence[Any]:
        return accounts.restore(accounts=ids, reason=reason, actor=actor, now=stamp())

    def way_back(self, ids: Sequence[int]) -> Sequence[Any]:
        return accounts.suspend(accounts=ids, reason="Restored by mistake", actor=None, now=stamp())
