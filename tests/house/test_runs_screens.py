"""Alice looks at her run; Dora may not. What goes on is asked again each second and stops by itself."""

import pytest
from django.db import transaction
from django.test import Client
from django.utils.html import escape

from herotill import runs
from herotill.models import Run, RunCheckpoint
from herotill.progress import claim
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client):
    person = make_person("Alice", "house.view_run")
    client.force_login(person)
    return person


@pytest.fixture
def run(alice) -> Run:
    return runs.start(kind="sample-count", params={"to": 40}, actor=alice, title="Count to forty")


def text(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def at_work(run: Run) -> runs.Progress:
    with transaction.atomic():
        progress = claim(Run.objects.get(pk=run.pk), RunCheckpoint.objects.get(pk=run.pk))
    progress.expect(40)
    progress.advance(1204, made=1204)
    progress.say("Halfway.")
    progress.total = 4816
    progress.write()
    return progress


def test_a_run_at_work_shows_counts_and_asks_again_as_no_sign_of_a_person(client, run):
    at_work(run)
    shown = text(client, f"/runs/{run.pk}/")

    assert "Count to forty" in shown
    assert "1,204 of 4,816" in shown
    assert 'value="25"' in shown
    assert "<dt>Made</dt><dd>1,204</dd>" in shown
    assert "Halfway." in shown
    assert f'hx-get="/runs/{run.pk}/progress/?log"' in shown
    assert 'hx-trigger="every 1s"' in shown
    assert '"X-Background"' in shown
    assert "Cancel: Count to forty" in shown


def test_asking_stops_when_it_has_ended_and_the_result_has_a_link(client, run):
    runs.work(run.pk)
    response = client.get(f"/runs/{run.pk}/progress/", headers={"HX-Request": "true"})
    shown = response.content.decode()

    assert response.headers["HX-Trigger"] == "run:ended"
    assert "hx-trigger" not in shown
    assert f"/sample/{run.pk}/" in shown
    assert 'hx-swap-oob="true"' in shown
    assert "Cancel" not in shown


def test_a_refusal_is_read_to_alice_without_a_link(client, alice):
    failed = runs.perform(kind="sample-refuse", params={}, actor=alice)
    shown = text(client, f"/runs/{failed.pk}/")

    assert "The file has no column for the code." in shown
    assert f"/sample/{failed.pk}/" not in shown


def test_alice_cancels_and_reads_who_did(client, run, alice):
    response = client.post(f"/runs/{run.pk}/cancel/", follow=True)

    assert "Cancelled by Alice" in " ".join(response.content.decode().split())
    assert Run.objects.get(pk=run.pk).state == Run.State.CANCELLED


def test_what_cannot_be_cancelled_says_why(client, alice):
    done = runs.perform(kind="sample-count", params={"to": 10}, actor=alice)
    response = client.post(f"/runs/{done.pk}/cancel/", follow=True)

    assert "This has already ended." in response.content.decode()


def test_get_cancels_nothing(client, run):
    assert client.get(f"/runs/{run.pk}/cancel/").status_code == 405
    assert Run.objects.get(pk=run.pk).is_open


def test_dora_sees_no_run_and_cancels_none(client, run):
    client.force_login(make_person("Dora"))

    for path in (f"/runs/{run.pk}/", f"/runs/{run.pk}/progress/", "/setup/runs/"):
        assert client.get(path).status_code == 403
    assert client.post(f"/runs/{run.pk}/cancel/").status_code == 403
    assert Run.objects.get(pk=run.pk).is_open


def test_each_kind_asks_its_own_right(client, alice):
    firm = runs.start(kind="sample-firm", params={"to": 10}, actor=None, title="Firm one")

    assert client.get(f"/runs/{firm.pk}/").status_code == 403
    assert "Firm one" not in text(client, "/setup/runs/")


def test_the_list_has_the_newest_first_and_older_ones_behind(client, alice, monkeypatch):
    monkeypatch.setattr("herotill.views.runs.PAGE", 2)
    made = [runs.start(kind="sample-count", params={}, actor=alice, title=f"Number {n}") for n in range(3)]
    first = text(client, "/setup/runs/")
    older = text(client, f"/setup/runs/?before={made[1].pk}")

    assert first.index("Number 2") < first.index("Number 1")
    assert "Number 0" not in first
    assert f"?before={made[1].pk}" in first
    assert "Number 0" in older
    assert "Number 2" in text(client, "/setup/runs/?before=nonsense")


def test_the_list_asks_the_same_for_ten_times_the_runs(client, alice, django_assert_max_num_queries):
    for many in (4, 40):
        Run.objects.bulk_create([Run(kind="sample-count", title="Count", started_by=alice)] * many)
        with django_assert_max_num_queries(10):
            text(client, "/setup/runs/")


@pytest.mark.parametrize("name", ["{{ 7|add:7 }}", '<img src="http://bad.example/">', "a\r\nb\tc"])
def test_s19_a_title_is_text_whatever_it_holds(client, alice, name):
    run = runs.start(kind="sample-count", params={}, actor=alice, title=name)

    for path in (f"/runs/{run.pk}/", "/setup/runs/"):
        shown = client.get(path).content.decode()
        assert escape(name) in shown
        assert "<img src=" not in shown
