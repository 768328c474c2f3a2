"""The start page and the frame around every page: each person finds what is theirs, and nothing else."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django.test import Client

from herotill import runs
from herotill.menu import menu
from herotill.models import FactCursor, JobState, Run
from herotill.users.models import Role
from tests.factories.people import make_person
from tests.sampleapp.models import Mark

pytestmark = pytest.mark.django_db


def page(client: Client, path: str = "/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def alice(client):
    person = make_person("Alice", "sampleapp.view_gadget", "house.view_run", "house.see_jobs")
    client.force_login(person)
    return person


@pytest.fixture
def dora(client):
    """Has no permission at all."""
    person = make_person("Dora")
    client.force_login(person)
    return person


def test_nobody_is_sent_to_log_in(client):
    assert client.get("/").headers["Location"].startswith("/login/")


def test_an_app_adds_a_tile_and_a_menu_entry_without_the_house_knowing_it(client, alice):
    Mark.objects.create(text="one")
    shown = page(client)

    assert "Marks waiting" in shown
    assert "Samples" in shown
    assert 'title="1 waiting"' in shown


def test_dora_finds_neither_and_no_setup(client, dora):
    Mark.objects.create(text="one")
    shown = page(client)

    assert "Marks waiting" not in shown
    assert "Samples" not in shown
    assert 'href="/setup/"' not in shown
    assert "Nothing waits for you" in shown


def test_a_tile_that_fails_says_so_and_leaves_the_others(client, alice, caplog):
    Mark.objects.bulk_create([Mark(text="one")] * 13)
    runs.start(kind="sample-count", params={"to": 10}, actor=alice)
    shown = page(client)

    assert "could not be read just now" in shown
    assert "In progress" in shown
    assert "Tile sample failed" in caplog.text


def test_runs_at_work_and_failed_lately_are_on_the_start_page(client, alice):
    runs.start(kind="sample-count", params={"to": 10}, actor=alice)
    assert "In progress" in page(client)

    failed = runs.perform(kind="sample-refuse", params={}, actor=alice)
    assert "Failed since yesterday" in page(client)

    Run.objects.filter(pk=failed.pk).update(finished_at=Now() - timedelta(days=2))
    assert "Failed since yesterday" not in page(client)


def test_runs_of_a_kind_alice_may_not_see_are_not_counted(client, alice):
    runs.start(kind="sample-firm", params={"to": 10}, actor=None)

    assert "In progress" not in page(client)


def test_jobs_in_trouble_are_shown_to_who_may_see_the_timetable(client, alice):
    assert "in trouble" not in page(client)
    JobState.objects.create(name="sample-tick", failed=True)
    FactCursor.objects.create(consumer="sample-memory", failures=3)

    assert "Regular jobs in trouble" in page(client)


def test_hints_stand_there_until_done_and_for_those_who_can_do_them(client):
    client.force_login(make_person("Alice", "users.add_user", "users.change_role"))
    Role.objects.update(second_factor_required=False)
    shown = page(client)
    assert "Take your colleagues on" in shown
    assert "Demand a second factor" in shown

    make_person("Bob")
    Role.objects.create(name="guarded", label="Guarded", second_factor_required=True)
    shown = page(client)
    assert "Take your colleagues on" not in shown
    assert "Demand a second factor" not in shown


def test_the_menu_marks_where_one_is_and_opens_what_it_stands_under(client, alice):
    shown = page(client, "/setup/runs/")

    assert '<a href="/setup/runs/" aria-current="page"' in " ".join(shown.split())
    assert 'class="is-open"' in shown


def test_every_entry_that_a_page_says_it_belongs_to_is_there():
    said = set()
    for path in Path(settings.BASE_DIR).glob("*/views/**/*.py"):
        for line in re.findall(r"request\.menu_entry = (.+)", path.read_text()):
            said |= set(re.findall(r'"([a-z]+\.[a-z-]+)"', line))

    assert len(said) > 10
    assert said <= {entry.name for entry in menu}


def test_setup_gathers_what_the_person_may_set_up(client, alice):
    shown = page(client, "/setup/")

    assert 'class="tile" href="/setup/runs/"' in shown
    assert 'class="tile" href="/setup/people/"' not in shown
    assert "This installation</h2>" in shown
    assert "people and rights</h2>" not in shown


def test_the_frame_knows_the_person_and_the_doors(client, alice):
    shown = page(client)

    assert "Alice: settings and log out" in shown
    assert 'data-lock-url="/unlock/"' in shown
    assert 'action="/logout/"' in shown


def test_the_start_page_asks_the_same_however_much_there_is(client, alice, django_assert_max_num_queries):
    page(client)
    for many in (1, 10):
        Run.objects.bulk_create([Run(kind="sample-count", title="Count") for _ in range(many)])
        with django_assert_max_num_queries(14):
            page(client)
