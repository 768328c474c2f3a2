"""How gunicorn serves HeroTill, here and in a container; the command line overrides."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter

wsgi_app = "herotill.wsgi"
workers = int(os.environ.get("WEB_WORKERS", "2"))
# A browser opens connections ahead of need; a process without threads would wait on one and serve nobody.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True


def on_starting(server: "Arbiter") -> None:
    """The demo has known passwords: it refuses to listen beyond this machine."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "herotill.settings")
    from django.conf import settings

    from herotill import serving

    for address in server.address if settings.DEMO else ():
        try:
            serving.must_be_loopback(address[0] if isinstance(address, tuple) else "localhost")
        except serving.Refused as refused:
            sys.exit(str(refused))
