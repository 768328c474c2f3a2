from __future__ import annotations

from typing import Any

from django.utils import timezone

from customers.forms.anonymising import ReasonForm
from customers.forms.details_checks import ForgetAnswerForm
from customers.models import Anonymisation, Customer, ForgetWish
from customers.screen import Section, Widget, action, register
from customers.selectors import own_things
from customers.services import anonymising, forget_wishes


@register
class PersonalData(Widget):
    """What would be blanked of a former customer, what the law keeps and until when; or that it was."""

    name, title = "personal-data", "Personal data"
    section, position = Section.RECORD, 95
    permission = "customers.view_anonymisation"
    template_name = "customers/widgets/personal_data.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        done = Anonymisation.objects.select_related("asked_by", "approved_by").filter(customer=self.customer)
        why_not = anonymising.refusal(customer=self.customer, day=timezone.localdate())
        wish = own_things.last_wish(self.customer)
        waits = wish is not None and wish.state == ForgetWish.State.WAITING
        self.needless = (*(("anonymise",) if why_not else ()), *(() if waits else ("answer-wish",)))
        former = self.customer.status == Customer.Status.CANCELLED
        rows = anonymising.preview(customer=self.customer) if former else []
        return {"done": done.first(), "why_not": why_not, "rows": rows, "wish": wish}

    @action(
        label="Anonymise…",
        title="Ask to anonymise this customer",
        submit="Ask a second person",
        confirm="A second person decides. What is blanked then is gone for good: it cannot be undone, and nobody"
        " can bring it back.",
        permission="customers.anonymise_customer",
        form=ReasonForm,
        foot=True,
        danger=True,
        done="A second person has to approve this now.",
    )
    def anonymise(self, data: dict[str, Any], changed: list[str]) -> None:
        anonymising.ask(customer=self.customer, reason=data["reason"], actor=self.user, now=timezone.now())

    @action(
        label="Answer the wish…",
        title="Answer the wish to be forgotten",
        submit="Send the answer",
        permission="customers.answer_forget_wish",
        form=ForgetAnswerForm,
        foot=True,
        order=90,
        emits=("profile-head", "messages-sent"),
        done="The customer is answered.",
    )
    def answer_wish(self, data: dict[str, Any], changed: list[str]) -> None:
        forget_wishes.answer(customer=self.customer, words=data["words"], actor=self.user, now=timezone.now())
