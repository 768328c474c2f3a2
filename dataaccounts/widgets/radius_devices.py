from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.utils import timezone

from customers.screen import Action, Section, Widget, action, register
from dataaccounts.forms.devices import DeviceForm, NameForm
from dataaccounts.models import DataAccount, Device
from dataaccounts.services import devices

SHOWN = 20


@register
class RadiusDevices(Widget):
    """The devices that log the customer's accounts in, and whether each may."""

    name, title = "radius-devices", "Radius client devices"
    section, position = Section.SERVICE, 50
    permission = "dataaccounts.view_device"
    template_name = "dataaccounts/widgets/radius_devices.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        found = Device.objects.filter(account__customer=self.customer).select_related("account__package")
        rows = list(found.order_by("account__username", "mac")[: SHOWN + 1])
        return {
            "devices": rows[:SHOWN],
            "more": len(rows) > SHOWN,
            "count": f"{SHOWN}+" if len(rows) > SHOWN else len(rows),
        }

    def find(self, pk: int) -> Model:
        return get_object_or_404(
            Device.objects.select_related("account"), pk=pk, account__customer=self.customer
        )

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        if action.form is DeviceForm:
            live = DataAccount.objects.exclude(state=DataAccount.State.CANCELLED)
            return {"accounts": live.filter(customer=self.customer)}
        return super().form_arguments(action, target)

    @action(
        label="Add",
        title="Authorise a device",
        permission="dataaccounts.add_device",
        form=DeviceForm,
        done="Device authorised.",
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        devices.add(**data)

    @action(
        label="Name",
        title="Say what it is",
        submit="Save",
        permission="dataaccounts.change_device",
        form=NameForm,
        row=True,
    )
    def name_it(self, data: dict[str, Any], changed: list[str], device: Device) -> None:
        devices.name(device=device, text=data["text"])

    @action(
        label="Authorise",
        title="Authorise this device",
        confirm="It is let in from its next log-in on.",
        permission="dataaccounts.change_device",
        row=True,
        done="Device authorised.",
    )
    def authorise(self, data: dict[str, Any], changed: list[str], device: Device) -> None:
        devices.authorise(device=device)

    @action(
        label="Block",
        title="Block this device",
        confirm="It is not let in any more, and its sessions are cut.",
        permission="dataaccounts.change_device",
        row=True,
        danger=True,
        emits=("active-sessions",),
        done="Device blocked.",
    )
    def block(self, data: dict[str, Any], changed: list[str], device: Device) -> None:
        devices.block(device=device, actor=self.user, now=timezone.now())

    @action(
        label="Forget",
        title="Forget this device",
        confirm="When it logs in again it is seen as new. A blocked device is then no longer blocked.",
        permission="dataaccounts.delete_device",
        row=True,
        danger=True,
        done="Device forgotten.",
    )
    def forget(self, data: dict[str, Any], changed: list[str], device: Device) -> None:
        devices.forget(device=device)
