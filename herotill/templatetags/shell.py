"""What every template may use without loading it."""

from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from heroicons.templatetags.heroicons import heroicon_micro, heroicon_mini

from herotill.money import rand

register = template.Library()


@lru_cache(maxsize=256)
def _drawing(name: str, size: int) -> SafeString:
    draw, css = (heroicon_micro, "icon") if size == 16 else (heroicon_mini, "icon icon--20")
    # The drawing comes out of a package by a name that must exist there; no data goes into it.
    drawing = draw(name, size=size, **{"class": css}).replace(' data-slot="icon"', "")
    return mark_safe("".join(line.strip() for line in drawing.splitlines()))


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """An icon of heroicons as inline SVG, hidden from screen readers; 16 or 20 pixels wide.

    Raises heroicons.IconDoesNotExist for a name that is not drawn.
    """
    return _drawing(str(name), size)


@register.filter
def money(amount: Decimal | None) -> str:
    """`R 18,597.00`; nothing for no amount."""
    return "" if amount is None else rand(amount)
