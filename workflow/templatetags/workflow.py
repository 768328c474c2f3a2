"""How the workflow's own things are shown."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def lead_card(context: Context, shown: Any) -> str:
    """The card by its own template, which sees what its context gave beside what the page knows."""
    engine: Any = context.template.engine  # type: ignore[union-attr]
    with context.push(card=shown.card, **shown.context):
        rendered: str = engine.get_template(shown.card.template).render(context)
    return rendered
