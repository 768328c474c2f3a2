"""What is pasted into a router so that it asks us, reports usage, and takes our orders."""

from __future__ import annotations

from dataaccounts.models import Nas

PLACEHOLDER = "THE-SECRET"


def mikrotik(nas: Nas, server: str) -> str:
    """Lines for RouterOS; the secret is put in by hand, since it is only shown on record."""
    signed = " require-message-auth=yes-for-request-resp" if nas.require_message_authenticator else ""
    return "\n".join(
        (
            f"/radius add service=ppp,hotspot address={server} secret={PLACEHOLDER}"
            f" src-address={nas.address} timeout=3s{signed}",
            f"/radius incoming set accept=yes port={nas.coa_port}",
            f"/ppp aaa set use-radius=yes accounting=yes interim-update={nas.interim_seconds}s",
        )
    )
