"""The scripts for calls, as the ISP words them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from billing.models import CallScript
from billing.policies import scripts
from herotill.errors import DomainError


def texts() -> dict[str, str]:
    """The text of every situation: the ISP's own, else the one it comes with."""
    own = dict(CallScript.objects.values_list("situation", "text"))
    return {name: own.get(name, one.text) for name, one in scripts.SCRIPTS.items()}


@transaction.atomic
def save(*, texts: Mapping[str, str]) -> None:
    """Word some situations anew; one worded as it came needs no row. Raises DomainError for an unknown field."""
    for situation, text in texts.items():
        if trouble := scripts.trouble_with(text):
            raise DomainError(trouble, field=situation)
        if text.strip() in ("", scripts.SCRIPTS[situation].text):
            CallScript.objects.filter(situation=situation).delete()
        else:
            CallScript.objects.update_or_create(situation=situation, defaults={"text": text.strip()})
