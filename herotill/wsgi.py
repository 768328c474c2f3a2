import os

from django.core.wsgi import get_wsgi_application

from herotill.letters import ReadableType

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "herotill.settings")
application = ReadableType(get_wsgi_application())
