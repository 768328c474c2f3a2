"""Who is at the other end of a line."""

from __future__ import annotations

from dataaccounts.models import DataAccount, Session


def holder_of(address: str) -> DataAccount | None:
    """The data account whose open session has this address; None where no session of ours has it."""
    if not address:
        return None
    found = Session.objects.filter(ip_address=address, stopped_at=None).order_by("-started_at")
    username = found.values_list("username", flat=True).first()
    if username is None:
        return None
    return DataAccount.objects.select_related("customer").filter(username=username).first()
