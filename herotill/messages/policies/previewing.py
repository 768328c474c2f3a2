"""How a template reads with the examples of its fields."""

from __future__ import annotations

from dataclasses import dataclass

from herotill.messages.policies import rendering, texting
from herotill.messages.templates import SMS, Template, house_fields


@dataclass(frozen=True, slots=True)
class Preview:
    """A text with the examples of its fields."""

    subject: str
    text: str
    places: int
    parts: int
    unicode: bool


def preview(template: Template, subject: str, text: str) -> Preview:
    """How a text would read."""
    values = {name: field.example for name, field in template.by_name.items()}
    values |= {one.name: one.value() or one.field.example for one in house_fields}
    several = {name for name, field in template.by_name.items() if field.several or field.bank}
    words = rendering.plain(text, values, several)
    size = texting.size(texting.normalised(words))
    if template.channel == SMS:
        words = texting.normalised(words)
    return Preview(rendering.head(subject, values), words, size.places, size.parts, size.unicode)
