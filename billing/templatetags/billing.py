"""What billing's templates show."""

from decimal import Decimal

from django import template

from herotill.messages.listing import title

register = template.Library()


@register.filter
def figure(value: Decimal) -> str:
    """A quantity or percentage without idle zeros: 1, 2.5."""
    return f"{value.normalize():f}"


@register.filter
def template_title(name: str) -> str:
    """What a message template is called."""
    return title(name)
