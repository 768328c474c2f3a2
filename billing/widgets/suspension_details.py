from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from billing.forms.suspensions import PauseForm, ReasonForm, TermsForm
from billing.models import SuspensionCase, SuspensionRules
from billing.selectors.suspensions import cases as reading
from billing.selectors.suspensions.facts import of_one
from billing.services import suspensions
from billing.services.suspensions import settings
from customers.screen import Action, Section, Widget, action, register
from herotill.access import may

State = SuspensionCase.State
EMITS = ("profile-head", "account-details", "data-accounts")


@register
class SuspensionDetails(Widget):
    """When the customer is warned and suspended, how far that is, and what a person decides about it."""

    name, title = "suspension-details", "Suspension details"
    section, position = Section.BILLING, 60
    permission = "billing.view_suspensionterms"
    template_name = "billing/widgets/suspension_details.html"
    lazy = True
    rows = 8

    def context(self) -> dict[str, Any]:
        day, now = timezone.localdate(), timezone.now()
        rules, group = SuspensionRules.objects.get(), self.customer.billing_group
        sees = may(self.user, "billing.view_suspensioncase")
        self.case = reading.open_case(self.customer)
        planned = of_one(customer=self.customer.pk, day=day, now=now)
        terms = reading.terms_of(self.customer)
        self.needless = self._needless()
        return {
            "terms": terms,
            "days": terms if not terms.use_group else group or rules,
            "whose": "own" if not terms.use_group else "billing group's" if group else "company's",
            "case": self.case,
            "tone": reading.TONES[State(self.case.state)] if self.case else "",
            "planned": planned,
            "next": reading.in_words(planned.decision, day) if planned else "",
            "rules": rules,
            "history": reading.history(self.case) if self.case and sees else [],
            "past": self._past() if sees else [],
            "why_url": reverse("billing:why-suspension", args=[self.customer.code]) if sees else "",
            "red": self._red(),
        }

    def _past(self) -> list[SuspensionCase]:
        ended = SuspensionCase.objects.filter(customer=self.customer, state=State.ENDED)
        return list(ended.order_by("-pk")[:5])

    def _red(self) -> str:
        """Where the red button leads; nowhere where it has nothing to suspend or the person may not."""
        down = self.case is not None and self.case.state in (State.SUSPENDED, State.TAKEN_OVER)
        if down or not may(self.user, "billing.suspend_customer"):
            return ""
        return reverse("billing:suspend-at-once", args=[self.customer.code])

    def _needless(self) -> set[str]:
        state = self.case.state if self.case else ""
        needless = {"approve"} if state != State.LISTED else set()
        if state in ("", State.TAKEN_OVER):
            needless.add("pause")
        return (
            needless
            | ({"reset"} if not state else set())
            | ({"keep"} if state != State.TAKEN_OVER else set())
        )

    def form_arguments(self, action: Action, target: Any) -> dict[str, Any]:
        if action.form is TermsForm:
            terms = reading.terms_of(self.customer)
            return {"instance": terms, "may_disable": may(self.user, "billing.disable_suspension")}
        if action.form is PauseForm:
            return {"initial": {"days": SuspensionRules.objects.get().pause_days}}
        return {}

    def _open(self) -> list[int]:
        case = reading.open_case(self.customer)
        return [case.pk] if case else []

    @action(
        label="Edit",
        title="Change suspension details",
        submit="Save suspension details",
        permission="billing.change_suspensionterms",
        form=TermsForm,
        emits=EMITS,
    )
    def edit(self, data: dict[str, Any], changed: list[str]) -> None:
        settings.change_terms(customer=self.customer, values=data, actor=self.user, now=timezone.now())

    @action(
        label="Approve",
        title="Approve the case",
        confirm="The next run sends the first warning; the second and the suspension follow, each on its day.",
        permission="billing.approve_suspension",
        foot=True,
        done="Approved. The next run warns.",
        order=10,
    )
    def approve(self, data: dict[str, Any], changed: list[str]) -> None:
        suspensions.approve(cases=self._open(), actor=self.user, now=timezone.now())

    @action(
        label="Keep suspended until paid",
        title="Keep suspended",
        confirm="What is suspended now comes back by itself when what is overdue is paid.",
        permission="billing.approve_suspension",
        foot=True,
        done="Stays suspended until it is paid.",
        order=15,
    )
    def keep(self, data: dict[str, Any], changed: list[str]) -> None:
        suspensions.keep(cases=self._open(), actor=self.user, now=timezone.now())

    @action(
        label="Pause…",
        title="Pause the case",
        submit="Pause",
        permission="billing.pause_suspension",
        form=PauseForm,
        foot=True,
        emits=EMITS,
        done="Paused.",
        order=20,
    )
    def pause(self, data: dict[str, Any], changed: list[str]) -> None:
        suspensions.pause(
            cases=self._open(), days=data["days"], why=data["why"], actor=self.user, now=timezone.now()
        )

    @action(
        label="Reset…",
        title="Reset the case",
        submit="Reset",
        permission="billing.reset_suspension",
        form=ReasonForm,
        foot=True,
        emits=EMITS,
        done="The case has ended; what it took down is back.",
        order=30,
    )
    def reset(self, data: dict[str, Any], changed: list[str]) -> None:
        suspensions.reset(cases=self._open(), reason=data["reason"], actor=self.user, now=timezone.now())
