"""Which column means what: proposed by what is known of the headings, chosen by a person, saved under a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from herotill.errors import DomainError
from herotill.imports.kinds import ImportKind
from herotill.imports.presets import Preset, heading_key, preset_for
from herotill.models import Import, ImportPreset


def saved(kind: ImportKind) -> list[Preset]:
    """The mappings that people saved, newest first."""
    found = ImportPreset.objects.filter(kind=kind.name).order_by("-id")
    return [Preset(one.name, one.mapping) for one in found]


def presets(kind: ImportKind) -> list[Preset]:
    """All mappings by name: what people saved goes before what is shipped."""
    return [*saved(kind), *kind.presets]


def proposed(kind: ImportKind, batch: Import) -> Preset:
    """The mapping to begin with: the one used last for the same headings, a preset, or what the names say."""
    candidates = (_used_before(batch), preset_for(batch.headings, presets(kind)))
    return next(filter(None, candidates), None) or Preset("", by_label(kind, batch.headings))


def _used_before(batch: Import) -> Preset | None:
    used = Import.objects.filter(kind=batch.kind, headings=batch.headings).exclude(mapping={})
    newest = used.exclude(pk=batch.pk).order_by("-id").values_list("mapping", flat=True).first()
    return Preset("", newest) if newest else None


def by_label(kind: ImportKind, headings: Sequence[str]) -> dict[str, str]:
    """Headings that are the name or label of a field, as a mapping."""
    return dict(_labelled(kind, headings))


def _labelled(kind: ImportKind, headings: Sequence[str]) -> Iterator[tuple[str, str]]:
    labels = {heading_key(text): name for name, field in kind.fields.items() for text in (name, field.label)}
    used: set[str] = set()
    for heading in headings:
        name = labels.get(heading_key(heading), "")
        if name and name not in used:
            used.add(name)
            yield heading, name


def fitted(headings: Iterable[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """`mapping` under the headings as a file writes them; a heading it does not know means nothing."""
    by_key = {heading_key(heading): name for heading, name in mapping.items()}
    return {heading: by_key.get(heading_key(heading), "") for heading in headings}


@transaction.atomic
def save(*, kind: ImportKind, name: str, mapping: Mapping[str, str], actor: Any) -> ImportPreset:
    """Save a mapping under a name; one's own of this name is replaced."""
    chosen = {heading: field for heading, field in mapping.items() if field}
    found = ImportPreset.objects.filter(kind=kind.name, name__iexact=name).select_for_update().first()
    if found and found.owner_id != actor.pk:
        raise DomainError(
            f"Somebody else saved a mapping named {found.name}; choose another name.", field="name"
        )
    if any(name.casefold() == preset.name.casefold() for preset in kind.presets):
        raise DomainError(f"{name} comes with HeroTill; choose another name.", field="name")
    if not found:
        return ImportPreset.objects.create(kind=kind.name, name=name, mapping=chosen, owner=actor)
    found.mapping = chosen
    found.save(update_fields=["mapping"])
    return found
