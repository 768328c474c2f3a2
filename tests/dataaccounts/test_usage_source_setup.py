"""Sources of usage in Setup: what is typed is kept safely, and another host never gets this one's password."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from dataaccounts.models import UsageSource
from tests.factories import make_person

pytestmark = pytest.mark.django_db
NEW = "/setup/usage-sources/new/"
URL = "postgresql://reader:canary@radius.example:5432/radius"
TYPED = {"name": "Old RADIUS", "kind": "postgresql", "url": URL, "files": "", "interval": "5"}


@pytest.fixture
def clerk(client: Client) -> Client:
    verbs = ("view", "add", "change", "delete")
    client.force_login(make_person("Thabo", *(f"dataaccounts.{one}_usagesource" for one in verbs)))
    return client


def edit() -> str:
    return reverse("setup-usage-sources-edit", args=[UsageSource.objects.get().pk])


def test_a_database_is_added_and_its_password_never_shown(clerk: Client) -> None:
    clerk.post(NEW, TYPED)
    source = UsageSource.objects.get()
    assert (source.host, source.kind, source.files) == ("radius.example", "postgresql", "")
    for page in (clerk.get("/setup/usage-sources/"), clerk.get(edit())):
        assert "canary" not in page.content.decode()
    listed = clerk.get("/setup/usage-sources/").content.decode()
    assert "radius.example" in listed
    assert "to 5 minutes" in listed


def test_left_empty_it_stays_and_typed_it_is_replaced_whole(clerk: Client) -> None:
    clerk.post(NEW, TYPED)
    before = str(UsageSource.objects.get().url.token)
    clerk.post(edit(), TYPED | {"url": "", "interval": "10"})
    source = UsageSource.objects.get()
    assert (source.url.token, source.interval) == (before, 10)
    clerk.post(edit(), TYPED | {"url": "postgresql://reader@elsewhere.example/radius"})
    source = UsageSource.objects.get()
    assert source.host == "elsewhere.example"
    assert source.url.token != before


def test_another_kind_asks_for_the_address_again(clerk: Client) -> None:
    clerk.post(NEW, TYPED)
    answer = clerk.post(edit(), TYPED | {"kind": "mysql", "url": ""})
    assert "Say where the database is." in answer.content.decode()
    assert UsageSource.objects.get().kind == "postgresql"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"url": "radius.example"}, "Write it as postgresql://"),
        ({"url": ""}, "Say where the database is."),
        ({"kind": "detail", "url": ""}, "Say which files are read."),
        ({"kind": "detail", "url": "", "files": "../../etc/passwd"}, "The name of a file"),
    ],
)
def test_what_cannot_be_is_refused(clerk: Client, typed: dict[str, str], said: str) -> None:
    assert said in clerk.post(NEW, TYPED | typed).content.decode()
    assert not UsageSource.objects.exists()


def test_detail_files_need_no_address(clerk: Client) -> None:
    clerk.post(NEW, TYPED | {"kind": "detail", "files": "detail-*"})
    source = UsageSource.objects.get()
    assert (source.files, source.host, bool(source.url)) == ("detail-*", "", False)


def test_dora_sees_no_sources(client: Client) -> None:
    client.force_login(make_person("Dora"))
    assert client.get("/setup/usage-sources/").status_code == 403
