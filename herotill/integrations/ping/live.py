"""Echo requests by the system's unprivileged sockets."""

from __future__ import annotations

import icmplib

from herotill.errors import IntegrationError
from herotill.integrations.ping import Heard

COUNT, GAP, SECONDS = 4, 0.2, 1.0


class IcmpPinger:
    """Four requests, each waited for a second at most."""

    def ping(self, address: str) -> Heard:
        try:
            said = icmplib.ping(address, count=COUNT, interval=GAP, timeout=SECONDS, privileged=False)
        except icmplib.SocketPermissionError:
            raise IntegrationError(
                "This server may not ping yet; the handbook tells its administrator how to allow it.",
                retry=False,
            ) from None
        except (icmplib.ICMPLibError, OSError):
            raise IntegrationError(f"No way leads to {address} from this server.") from None
        return Heard(
            address,
            said.packets_sent,
            said.packets_received,
            said.min_rtt,
            said.avg_rtt,
            said.max_rtt,
        )
