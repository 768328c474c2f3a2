"""What is pasted into a router so that it asks us, reports usage, and takes our orders."""

from __future__ import annotations

PLACEHOLDER = "THE-SECRET"


def mikrotik(*, address: str, server: str, signed: bool, coa_port: int, interim_seconds: int) -> str:
    """Lines for RouterOS; the secret is put in by hand, since it is only shown on record."""
    signing = " require-message-auth=yes-for-request-resp" if signed else ""
    return "\n".join(
        (
            f"/radius add service=ppp,hotspot address={server} secret={PLACEHOLDER}"
            f" src-address={address} timeout=3s{signing}",
            f"/radius incoming set accept=yes port={coa_port}",
            f"/ppp aaa set use-radius=yes accounting=yes interim-update={interim_seconds}s",
        )
    )
