"""With one administrator nobody can be the second person; somebody at the machine makes another."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from herotill.users.models import User
from tests.users.conftest import log_in

pytestmark = pytest.mark.django_db


def test_whom_the_command_adds_sets_a_password_by_the_printed_link(client: Client) -> None:
    said = StringIO()
    call_command("add_staff", "naledi", name="Naledi Mokoena", email="naledi@isp.example", stdout=said)
    link = re.search(r"http://[^/]+(/\S+)", said.getvalue())
    assert link is not None
    client.post(link.group(1), {"new": "seven blue kettles", "again": "seven blue kettles"})
    assert log_in(client, "naledi", "seven blue kettles").url == "/"
    assert client.get("/setup/people/").status_code == 200


@pytest.mark.parametrize(
    ("username", "role", "said"),
    [
        ("naledi", "boss", "no role boss"),
        ("ali001", "support", "customer code"),
        ("taken", "support", "is taken"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nobody(username: str, role: str, said: str) -> None:
    User.objects.create_user("taken", None)
    with pytest.raises(CommandError, match=said):
        call_command("add_staff", username, name="N", email="n@isp.example", role=[role])
    assert User.objects.count() == 1
