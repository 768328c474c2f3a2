from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from customers.screen import Section, Widget, action, register
from herotill.forms import ModelForm
from herotill.secrets import reveal
from herotill.secrets.showing import ReasonForm, shown
from tests.sampleapp.models import Gadget


class GadgetForm(ModelForm):
    class Meta:
        model = Gadget
        fields = ["name", "size", "licence"]


@register
class Gadgets(Widget):
    """What a customer has of us."""

    name, title = "sample-gadgets", "Gadgets"
    section, position = Section.SERVICE, 900
    permission = "sampleapp.view_gadget"
    template_name = "sampleapp/gadgets.html"

    def context(self) -> dict[str, Any]:
        gadgets = list(Gadget.objects.filter(customer=self.customer).order_by("id"))
        return {"gadgets": gadgets, "count": len(gadgets)}

    def find(self, pk: int) -> Model:
        return get_object_or_404(Gadget, pk=pk, customer=self.customer)

    @action(label="Add", title="Add gadget", permission="sampleapp.add_gadget", form=GadgetForm)
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        Gadget.objects.create(customer=self.customer, **data)

    @action(label="Show", title="Show licence", permission="sampleapp.see_licence", form=ReasonForm, row=True)
    def show(self, data: dict[str, Any], changed: list[str], gadget: Gadget) -> HttpResponse:
        text = reveal(obj=gadget, field="licence", actor=self.user, reason=data["reason"])
        return shown(self.request, title=f"Licence of {gadget.name}", text=text)
