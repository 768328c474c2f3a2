"""Voice in Setup: sources of calls, formats of their records, packages, decks with their versions, and drops."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max
from django.urls import reverse

from dataaccounts.forms import voice_setup as forms
from dataaccounts.models import (
    CallDrop,
    CallProfile,
    Deck,
    DeckVersion,
    DroppedFile,
    VoiceBundle,
    VoicePackage,
    VoiceSource,
)
from dataaccounts.selectors import free_minutes
from herotill.clock import local_day, stamp
from herotill.lists import Column, Link, cells
from herotill.tables import keep


def _plain(name: str, heading: str, field: str, order: int) -> Column:
    return Column(name=name, heading=heading, fields=(field,), default=True, order=order)


def _versions(ids: Sequence[int]) -> dict[int, Link]:
    """The newest version of each deck, leading to all of them."""
    newest = dict(DeckVersion.objects.filter(deck__in=ids).values_list("deck").annotate(Max("valid_from")))
    return {
        pk: Link(
            reverse("dataaccounts:deck", args=[pk]), f"from {newest[pk]}" if pk in newest else "No rates yet"
        )
        for pk in ids
    }


def _minutes(ids: Sequence[int]) -> dict[int, Link]:
    """The free minutes of each package, leading to the page that changes them."""
    given = free_minutes.of_packages(ids, local_day(stamp()))
    return {
        pk: Link(reverse("dataaccounts:voice-package-minutes", args=[pk]), given[pk] or "None") for pk in ids
    }


def _columns(ids: Sequence[int]) -> dict[int, Link]:
    """The page on which a wholesaler's columns are changed."""
    found = CallProfile.objects.filter(pk__in=ids, kind=CallProfile.Kind.MAPPED, retired=False)
    return {
        pk: Link(reverse("dataaccounts:call-formats-change", args=[pk]), "Change columns…")
        for pk in found.values_list("pk", flat=True)
    }


keep(
    name="call-sources",
    model=VoiceSource,
    title="Sources of calls",
    noun="source of calls",
    nouns="sources of calls",
    about="The telephone systems and wholesalers whose records hold what was called, and what they ask of us.",
    icon="phone-arrow-up-right",
    form=forms.SourceForm,
    columns=(_plain("cost", "Cost deck", "cost_deck__name", 20),),
    order=544,
)
keep(
    name="call-formats",
    model=CallProfile,
    title="Formats of call records",
    noun="format of call records",
    nouns="formats of call records",
    about="How the files of each source are read. A wholesaler's own columns are chosen on a page of their own.",
    icon="table-cells",
    form=forms.ProfileForm,
    columns=(
        _plain("source", "Source", "source__name", 20),
        Column(
            name="kind",
            heading="What it is",
            cell=cells.words(dict(CallProfile.Kind.choices)),
            fields=("kind",),
            default=True,
            order=30,
        ),
        Column(
            name="columns",
            heading="Columns",
            cell=cells.LINK,
            batch=_columns,
            permission="dataaccounts.change_callprofile",
            default=True,
            order=40,
        ),
    ),
    order=545,
)
keep(
    name="decks",
    model=Deck,
    title="Rate decks and price lists",
    noun="rate deck",
    nouns="rate decks",
    about="What calls cost us, and what we ask for them: complete versions, each in force from a day.",
    icon="currency-dollar",
    form=forms.DeckForm,
    columns=(
        Column(
            name="side",
            heading="Side",
            cell=cells.words(dict(Deck.Side.choices)),
            fields=("side",),
            default=True,
            order=20,
        ),
        Column(name="versions", heading="Rates", cell=cells.LINK, batch=_versions, default=True, order=30),
    ),
    order=542,
)
keep(
    name="voice-packages",
    model=VoicePackage,
    title="Voice packages",
    noun="voice package",
    nouns="voice packages",
    about="What voice lines are sold as: the rental, the price list of calls, and the product calls are billed as.",
    icon="phone",
    form=forms.VoicePackageForm,
    columns=(
        _plain("product", "Rental", "product__name", 20),
        _plain("deck", "Price list", "deck__name", 30),
        _plain("calls", "Calls billed as", "calls_product__name", 40),
        Column(
            name="minutes",
            heading="Free minutes",
            cell=cells.LINK,
            batch=_minutes,
            permission="dataaccounts.view_voicebundle",
            default=True,
            order=50,
        ),
    ),
    parts=(VoiceBundle,),
    order=541,
)
keep(
    name="call-drops",
    model=CallDrop,
    title="Drops for call records",
    noun="drop for call records",
    nouns="drops for call records",
    about="Folders of this machine, or of others by SFTP, in which files of calls are left; they are read by themselves.",
    icon="inbox-arrow-down",
    form=forms.DropForm,
    columns=(
        _plain("format", "Format", "profile__name", 20),
        Column(
            name="kind",
            heading="What it is",
            cell=cells.words(dict(CallDrop.Kind.choices)),
            fields=("kind",),
            default=True,
            order=30,
        ),
        Column(
            name="read_at", heading="Read at", cell=cells.MOMENT, fields=("read_at",), default=True, order=40
        ),
        Column(
            name="failed",
            heading="State of reading",
            cell=cells.chips({False: ("Well", "ok"), True: ("In trouble", "bad")}),
            fields=("failed",),
            default=True,
            order=50,
        ),
        Column(
            name="said", heading="Last reading", cell=cells.CLIPPED, fields=("said",), default=True, order=60
        ),
    ),
    parts=(DroppedFile,),
    order=546,
)
