"""/health/ tells load balancers and people what is missing, in words, and no secret."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from herotill import clock, health, jobs

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_all_is_well_once_a_worker_was_heard_on_each_queue(client):
    for queue in jobs.Queue:
        jobs.carry_out(f"pulse-{queue}", now=clock.stamp())
    response = client.get("/health/")

    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert response.json()["checks"]["workers: money"] == {
        "ok": True,
        "says": "A worker was heard 0 seconds ago.",
    }
    assert response.json()["checks"]["migrations"]["says"] == "All migrations are applied."


def test_pages_are_served_without_workers_and_it_is_said(client):
    response = client.get("/health/")

    assert response.status_code == 200
    assert response.json()["status"] == "limited"
    assert response.json()["checks"]["workers: network"]["says"] == "No worker was heard yet."


def test_a_worker_that_fell_silent_is_late_after_four_minutes():
    jobs.carry_out("pulse-money", now=NOW)

    assert health.workers(NOW + timedelta(minutes=4))["money"].ok
    silent = health.workers(NOW + timedelta(hours=2))["money"]
    assert (silent.ok, silent.says) == (False, "A worker was heard 2 hours ago.")


def test_a_migration_that_is_not_applied_takes_the_installation_out(client):
    MigrationRecorder(connection).record_unapplied("house", "0001_folding")
    response = client.get("/health/")

    assert response.status_code == 503
    assert response.json()["status"] == "down"
    assert "Migrations not applied: 1." in response.json()["checks"]["migrations"]["says"]


def test_a_database_that_is_away_is_said_without_its_address(client, monkeypatch):
    away = dict(connection.get_connection_params()) | {"host": "/nowhere", "password": "planted-canary"}
    monkeypatch.setattr(connections["default"], "get_connection_params", lambda: away)
    response = client.get("/health/")

    assert response.status_code == 503
    assert response.json()["checks"]["database"] == {
        "ok": False,
        "says": "Does not answer (OperationalError).",
    }
    assert "migrations" not in response.json()["checks"]
    assert "canary" not in response.content.decode()


def test_a_redis_that_is_away_is_said_and_pages_are_served(client, monkeypatch):
    def away(*args: object) -> None:
        raise ConnectionError("redis://:planted-canary@host")

    monkeypatch.setattr("herotill.health.cache.set", away)
    response = client.get("/health/")

    assert (response.status_code, response.json()["status"]) == (200, "limited")
    assert not response.json()["checks"]["redis"]["ok"]
    assert "canary" not in response.content.decode()


def test_no_secret_of_the_settings_is_told(client):
    told = client.get("/health/").content.decode()

    for secret in (
        settings.SECRET_KEY,
        settings.DATABASES["default"]["PASSWORD"],
        settings.DATABASES["default"]["NAME"],
    ):
        assert secret not in told


def test_being_alive_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/alive/").json() == {"status": "alive"}


@pytest.mark.parametrize("path", ["/health/", "/health/alive/"])
def test_health_is_read_only(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=-3), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=59.9), "59 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_lengths_of_time_are_said_as_people_say_them(length, words):
    assert clock.in_words(length) == words
