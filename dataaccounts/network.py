"""What the network adds to Setup: routers, sectors, and makes of routers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from dataaccounts.forms.network import MakeForm, NasForm, SectorForm
from dataaccounts.models import Nas, Sector, VendorTemplate
from dataaccounts.services import radius_secrets
from herotill.lists import Column, Link, cells, keyset
from herotill.tables import keep


def _page(name: str, words: str) -> Column:
    """A column that leads to the row's own page."""
    return Column(
        name="page",
        heading="Page",
        cell=cells.LINK,
        fields=("id",),
        value=lambda row: Link(reverse(f"dataaccounts:{name}", args=[row["pk"]]), words),
        default=True,
        order=90,
    )


def _with_secret(row: Nas, actor: Any) -> None:
    """A new router has a secret of its own from the start; its page shows it, on record."""
    radius_secrets.set_secret(nas_id=row.pk, secret=None, actor=actor)


def _of(field: str, heading: str, order: int) -> Column:
    return Column(name=field, heading=heading, fields=(f"{field}__name",), default=True, order=order)


keep(
    name="nas",
    model=Nas,
    title="Routers (NAS)",
    noun="NAS",
    nouns="NASes",
    about="The routers that ask RADIUS and report usage.",
    icon="server-stack",
    form=NasForm,
    added=_with_secret,
    columns=(
        Column(
            name="address",
            heading="IP address",
            cell=cells.IDENTIFIER,
            fields=("address",),
            default=True,
            order=20,
        ),
        _of("vendor", "Make", 30),
        _of("highsite", "Highsite", 40),
        Column(name="coa_port", heading="CoA port", cell=cells.NUMBER, fields=("coa_port",), order=50),
        _page("nas", "Who is on"),
    ),
    order=442,
)
keep(
    name="sectors",
    model=Sector,
    title="Sectors",
    noun="sector",
    nouns="sectors",
    about="The radios of a highsite, each for one direction.",
    icon="wifi",
    form=SectorForm,
    columns=(
        Column(
            name="highsite",
            heading="Highsite",
            fields=("highsite__name",),
            sort=keyset.by_kind("highsite__name_key"),
            default=True,
            order=20,
        ),
        _of("nas", "NAS", 30),
        _page("sector", "Who is on"),
    ),
    order=444,
)
keep(
    name="makes",
    model=VendorTemplate,
    title="Makes of routers",
    noun="make",
    nouns="makes",
    about="Which RADIUS attributes each make of router is told for what a package promises.",
    icon="adjustments-horizontal",
    form=MakeForm,
    columns=(
        Column(
            name="slug", heading="Short name", cell=cells.IDENTIFIER, fields=("slug",), default=True, order=20
        ),
        Column(
            name="live",
            heading="Changes speed live",
            cell=cells.YES,
            fields=("can_change_speed",),
            default=True,
            order=30,
        ),
        _page("make", "Attributes"),
    ),
    order=446,
)
