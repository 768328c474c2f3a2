"""Every test process has a database of its own, as the migrations make it, however many run."""

import os

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection

from tests import databases

pytestmark = [pytest.mark.django_db, pytest.mark.money]


def rows_of_migrations() -> tuple[int, int]:
    return Permission.objects.count(), Group.objects.count()


def test_the_database_is_a_copy_with_what_migrations_and_code_put_there():
    permissions, _ = rows_of_migrations()

    assert connection.settings_dict["NAME"].startswith(databases.COPY)
    assert permissions > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_commits_is_gone_for_the_next_and_reference_rows_stay(turn):
    before = rows_of_migrations()
    Group.objects.create(name="Committed")
    get_user_model().objects.create(username="alice")

    assert before[0] > 0
    assert Group.objects.filter(name="Committed").count() == 1


def test_a_copy_of_a_dead_run_is_swept_and_one_in_use_is_not():
    with databases.server() as ours, databases.server() as theirs:
        databases.hold(theirs, f"{databases.COPY}alive")
        for name in ("alive", "dead"):
            databases.drop(ours, f"{databases.COPY}{name}")
            databases.copy(ours, "template0", f"{databases.COPY}{name}")

        databases.sweep(ours)

        assert databases.exists(ours, f"{databases.COPY}alive")
        assert not databases.exists(ours, f"{databases.COPY}dead")
        databases.drop(ours, f"{databases.COPY}alive")


def test_a_lock_is_given_back_when_its_holder_dies():
    with databases.server() as ours:
        with databases.server() as theirs:
            databases.hold(theirs, "bob")
            assert not taken(ours, patience="10ms")
        assert taken(ours, patience="20s")


def taken(server: psycopg.Connection, *, patience: str) -> bool:
    server.execute(f"SET lock_timeout = '{patience}'")
    try:
        databases.hold(server, "bob")
    except psycopg.errors.LockNotAvailable:
        return False
    return True


def test_the_template_is_named_by_what_migrations_import(tmp_path, monkeypatch):
    before = databases.template_name()
    monkeypatch.setattr(databases, "_source", lambda name: None)

    assert before.startswith(databases.TEMPLATE)
    assert databases.template_name() != before


def test_a_template_begins_as_the_fullest_one_to_which_parts_were_only_added(monkeypatch):
    monkeypatch.setattr(databases, "TEMPLATE", f"herotill_try_{os.getpid()}_")  # nobody else sweeps these
    kept = {f"{databases.TEMPLATE}{word}": set(parts) for word, parts in [("old", "ab"), ("newer", "abc")]}
    with databases.server() as ours:
        for name, parts in kept.items():
            databases.copy(ours, "template0", name)
            databases.remember(ours, name, parts)

        begun = [databases.base_for(ours, set(parts)) for parts in ("abcd", "abd", "acd")]

        for name in kept:
            databases.drop(ours, name)
    assert begun == [f"{databases.TEMPLATE}newer", f"{databases.TEMPLATE}old", "template0"]
