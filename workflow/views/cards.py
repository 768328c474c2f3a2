"""Cards and columns of the board as HTML. Hundreds of cards a page: plain functions, each escaping what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from herotill.templatetags.shell import icon
from workflow.lists.waiting import url_name
from workflow.policies import ageing
from workflow.row_deeds import RowDeed
from workflow.selectors.board import SHOWN, Card, Counted

SIGNS = {ageing.Age.FRESH: "", ageing.Age.LATE: "clock", ageing.Age.OVERDUE: "exclamation-triangle"}


class Addresses:
    """Where a lead's pages stand. Asking for each anew would cost a page of cards as much as all else."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, str]] = {}

    def of(self, url_name: str, lead: int) -> str:
        if url_name not in self.known:
            before, _, after = reverse(url_name, args=[0]).rpartition("0")
            self.known[url_name] = (before, after)
        before, after = self.known[url_name]
        return f"{before}{lead}{after}"


def column(
    stage: str,
    where: Counted,
    cards: Sequence[Card],
    deed: RowDeed | None,
    addresses: Addresses,
    *,
    moves: bool,
    query: str,
) -> SafeString:
    """A column with its head, its cards and the way to the rest of its list."""
    url, name = escape(f"{reverse(url_name(where.key))}?{query or 'all=1'}"), escape(where.name)
    more = len(cards) > SHOWN
    count = f"{where.count:,}" if not query else (f"{SHOWN}+" if more else str(len(cards)))
    drawn = "".join([_card(one, where.key, deed, addresses, moves) for one in cards[:SHOWN]])
    rest = f'<a class="board-more" href="{url}">All of {name}{icon("arrow-right")}</a>' if more else ""
    # What is shown of a lead is escaped where it is put in, here and below.
    return mark_safe(
        f'<section class="board-column" data-place="{where.key}" aria-label="{escape(stage)}: {name}">'
        f'<header class="board-head"><h3><a href="{url}">{name}</a></h3><span class="count">{count}</span></header>'
        f'<ul class="board-cards" data-cards>{drawn}</ul>{rest}</section>'
    )


def _card(card: Card, place: str, deed: RowDeed | None, addresses: Addresses, moves: bool) -> str:
    move = addresses.of("workflow:move", card.pk) if moves else ""
    tone, name = ageing.TONES[card.age], escape(card.name)
    about = escape(" · ".join(filter(None, (card.owner or "nobody", card.where, card.source))))
    css = f"lead-card is-{tone}" if tone else "lead-card"
    goes = f' data-move-url="{move}"' if move else ""
    lead = addresses.of("workflow:lead", card.pk)
    return (
        f'<li class="{css}" id="lead-{card.pk}" data-lead="{card.pk}" data-from="{place}"{goes}>'
        f'<div class="lead-card-line"><a href="{lead}">{name}</a>'
        f"{_waits(card, tone)}</div>"
        f'<div class="lead-card-line"><span class="mute cut">{about}</span>{_menu(card, name, move)}</div>'
        f"{_action(card)}{_needs(card)}"
        f"{_deed(card, name, deed, addresses) if deed else ''}</li>"
    )


def _waits(card: Card, tone: str) -> str:
    """Since when, with a sign and words where that is long."""
    said = ageing.waited(card.waited)
    if not tone:
        return f'<span class="chip">{said}</span>'
    return f'<span class="chip chip--{tone}">{icon(SIGNS[card.age])}{said}<span class="vh">, {card.age}</span></span>'


def _action(card: Card) -> str:
    return f'<div class="lead-card-line mute">{escape(card.action)}</div>' if card.action else ""


def _needs(card: Card) -> str:
    listed = "".join([f"<li>{escape(one)}</li>" for one in card.missing])
    return f'<ul class="needs">{listed}</ul>' if listed else ""


def _menu(card: Card, name: str, url: str) -> str:
    if not url:
        return ""
    return (
        f'<button class="btn btn--quiet btn--icon btn--s" type="button" id="move-{card.pk}" hx-get="{url}"'
        f' hx-target="#dialog" aria-label="Move {name} to…">{icon("arrows-right-left")}</button>'
    )


def _deed(card: Card, name: str, deed: RowDeed, addresses: Addresses) -> str:
    label = escape(deed.label)
    return (
        f'<button class="btn btn--s" type="button" id="deed-{card.pk}" hx-get="{addresses.of(deed.opens, card.pk)}"'
        f' hx-target="#dialog" aria-label="{label}: {name}">{label}</button>'
    )
