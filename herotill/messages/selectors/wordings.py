"""In which words each template speaks at present."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from herotill.messages.models import Wording
from herotill.messages.templates import templates

Wordings = Mapping[str, tuple[str, str, int | None]]


def current(names: Collection[str]) -> Wordings:
    """Subject, text and number of the version in use, by template; no number for the text it came with."""
    counting = Wording.objects.filter(template__in=names, state=Wording.State.COUNTS)
    newest = {one.template: one for one in counting.order_by("template", "-number").distinct("template")}
    return {name: _of(name, newest.get(name)) for name in names}


def _of(name: str, edited: Wording | None) -> tuple[str, str, int | None]:
    if edited is None or edited.reset:
        return templates[name].subject, templates[name].text, None
    return edited.subject, edited.text, edited.number


def versions(name: str) -> list[Wording]:
    """Every version of a template, the newest first."""
    return list(Wording.objects.filter(template=name).select_related("made_by").order_by("-number"))


def waiting(name: str) -> Wording | None:
    """The version that waits for a second person, if one does."""
    return Wording.objects.filter(template=name, state=Wording.State.WAITS).select_related("made_by").first()
