"""/metrics tells Prometheus what rows say, to whoever may ask, and nothing of anybody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from herotill import jobs, metrics
from herotill.messages.services import outbox
from herotill.models import JobState
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def read(page: bytes) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


def test_it_tells_what_rows_say():
    make_customer("Alice Liddel", "ALI001")
    outbox.queue(template="test-mail", to="alice@example.com", context={"subject": "a", "text": "b"}, now=NOW)
    jobs.carry_out("pulse-money", now=NOW)
    JobState.objects.update_or_create(name="usage-import", defaults={"failed": True})
    page = metrics.page(NOW)
    found = read(page)

    assert found["herotill_healthy", "database"] == 1
    assert found["herotill_messages_waiting", "email"] == 1
    assert found["herotill_job_failed", "usage-import"] == 1
    assert found["herotill_job_failed", "pulse-money"] == 0
    assert found["herotill_queue_length", "reports"] >= 0
    assert found["herotill_runs", "queued"] == 0
    assert found["herotill_figures_unread",] == 0
    assert b"lice" not in page


def test_a_figure_that_cannot_be_read_leaves_the_others():
    def broken(now: datetime) -> list[tuple[tuple[str, ...], float]]:
        raise ZeroDivisionError

    metrics.figures.register(metrics.Figure("broken", "Never there.", broken))
    try:
        found = read(metrics.page(NOW))
    finally:
        metrics.figures.unregister("broken")
    assert found["herotill_figures_unread",] == 1
    assert ("herotill_broken",) not in found
    assert ("herotill_messages_waiting", "sms") in found


def test_this_machine_asks_and_nobody_through_a_proxy(client, settings):
    here = {"Host": "localhost:8000"}
    assert client.get("/metrics", headers=here).status_code == 200
    assert client.get("/metrics", headers=here, REMOTE_ADDR="10.0.0.5").status_code == 403
    for header in ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via", "Forwarded"):
        assert client.get("/metrics", headers=here | {header: "127.0.0.1"}).status_code == 403
    assert client.post("/metrics", headers=here).status_code == 405
    settings.TRUSTED_PROXIES = 1
    assert client.get("/metrics", headers=here).status_code == 403


def test_a_proxy_that_says_nothing_of_whom_it_asks_for_is_not_this_machine(client):
    assert client.get("/metrics", headers={"Host": "testserver"}).status_code == 403


def test_with_a_token_it_is_asked_of_everybody(client, settings):
    settings.METRICS_TOKEN = "a-long-token"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 403
    shown = client.get("/metrics", REMOTE_ADDR="10.0.0.5", headers={"Authorization": "Bearer a-long-token"})
    assert (shown.status_code, shown["Content-Type"].split(";")[0]) == (200, "text/plain")
