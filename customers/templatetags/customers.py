"""How customers' facts are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from customers.policies import phones

register = template.Library()


@register.filter
def phone(e164: str) -> str:
    """A phone number as people here read it: 082 123 4567."""
    return phones.national(e164) if e164 else ""


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The mapping's value for `key`."""
    return mapping.get(key, key)
