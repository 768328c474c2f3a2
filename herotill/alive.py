"""python -m herotill.alive [PORT]: asks this machine's web server whether it is healthy; for health checks."""

import os
import sys
from http.client import HTTPConnection


def healthy(port: int, host: str) -> bool:
    """Whether /health/ says 200, asked under a name the server answers to."""
    connection = HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/health/", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def own_name() -> str:
    """The first name of ALLOWED_HOSTS that is one."""
    names = [name.strip().lstrip(".") for name in os.environ.get("ALLOWED_HOSTS", "").split(",")]
    return next((name for name in names if name and name != "*"), "localhost")


if __name__ == "__main__":
    sys.exit(not healthy(int(sys.argv[1]) if len(sys.argv) > 1 else 8000, own_name()))
