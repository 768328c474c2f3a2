from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from herotill.serving import loopback_only

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "herotill.settings")
application: WSGIApplication = get_wsgi_application()
if settings.DEMO:
    application = loopback_only(application)
