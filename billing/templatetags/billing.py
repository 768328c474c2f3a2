"""What billing's templates show."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def figure(value: Decimal) -> str:
    """A quantity or percentage without idle zeros: 1, 2.5."""
    return f"{value.normalize():f}"
