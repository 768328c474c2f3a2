"""Lists read a replica where there is one; who has just changed something reads the primary for a while."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from herotill import reading
from tests.house.workers import ROOT, database_url

ASK = """
import json, django
django.setup()
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from herotill import urls
from herotill.access import public_view
from herotill.reading import reading
from herotill.users.models import User

def where(request):
    users = User.objects.using(reading())
    users.count()
    return HttpResponse(f"{users.db} {users.count()}")

urls.urlpatterns.append(path("where/", public_view(where)))
client = Client()
ask = lambda who: who.get("/where/").content.decode()
heard = {"at first": ask(client), "outside": reading()}
client.post("/where/")
heard |= {"after a change": ask(client), "somebody else": ask(Client())}
heard["cookie"] = {key: client.cookies["herotill_changed"][key] for key in ("max-age", "httponly", "samesite")}
del client.cookies["herotill_changed"]
heard["when it expired"] = ask(client)
print(json.dumps(heard))
"""


@pytest.mark.django_db(transaction=True)
def test_a_second_address_is_read_until_one_changes_something():
    """The replica here is the same server by another address, known by the name it goes by."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "herotill.settings",
        "DATABASE_URL": database_url(),
        "DATABASE_REPLICA_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
        "ALLOWED_HOSTS": "testserver",
        "COOKIE_SECURE": "0",
    }
    said = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    heard = json.loads(said.stdout)

    assert heard["at first"].split()[0] == "replica"
    assert heard["outside"] == "default"
    assert heard["after a change"].split()[0] == "default"
    assert heard["somebody else"].split()[0] == "replica"
    assert heard["when it expired"].split()[0] == "replica"
    assert heard["cookie"] == {"max-age": 10, "httponly": True, "samesite": "Lax"}


def seen_by(method: str, **cookies: str) -> tuple[str, HttpResponse]:
    """The alias a view reads, and its answer."""
    aliases: list[str] = []

    def view(request: object) -> HttpResponse:
        aliases.append(reading.reading())
        return HttpResponse()

    request = RequestFactory().generic(method, "/")
    request.COOKIES |= cookies
    response = reading.ReadYourChanges(view)(request)
    assert isinstance(response, HttpResponse)
    return aliases[0], response


def test_without_a_replica_everything_reads_the_primary_and_no_cookie_is_set():
    assert [seen_by(method)[0] for method in ("GET", "POST")] == ["default", "default"]
    assert not seen_by("POST")[1].cookies


@pytest.fixture
def replica(monkeypatch):
    monkeypatch.setitem(settings.DATABASES, "replica", settings.DATABASES["default"])


def test_a_request_that_changes_reads_the_primary(replica):
    assert seen_by("GET")[0] == "replica"
    assert seen_by("HEAD")[0] == "replica"
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        alias, response = seen_by(method)
        assert alias == "default"
        assert reading.COOKIE in response.cookies


def test_a_report_in_a_job_may_ask_for_the_replica_and_gives_it_back(replica):
    with reading.from_replica():
        assert reading.reading() == "replica"
    assert reading.reading() == "default"


def test_an_error_in_a_view_leaves_the_next_request_where_it_belongs(replica):
    def fails(request: object) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        reading.ReadYourChanges(fails)(RequestFactory().get("/"))

    assert reading.reading() == "default"
