"""Alice sees the timetable, Bob pauses and Carol sets times; Dora sees nothing. No screen adds a job (s21)."""

import pytest
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from herotill import jobs
from herotill.models import JobCall, JobSetting
from herotill.timetable import beat, setting, showing
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
JOB = "/setup/timetable/sample-tick/"


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def sits(client: Client, name: str, *rights: str):
    person = make_person(name, "house.see_jobs", *rights)
    client.force_login(person)
    return person


def test_dora_reads_no_timetable_and_touches_no_job(client):
    client.force_login(make_person("Dora"))

    for path in ("/setup/timetable/", JOB, f"{JOB}time/"):
        assert client.get(path).status_code == 403
    for deed in ("pause", "run", "time"):
        assert client.post(f"{JOB}{deed}/", {"paused": "1", "schedule": "every minute"}).status_code == 403
    assert not JobSetting.objects.exists()
    assert not JobCall.objects.exists()


def test_alice_sees_when_and_how_but_has_no_buttons(client):
    sits(client, "Alice")
    jobs.carry_out("sample-tick", now=timezone.now())
    shown = text(client, "/setup/timetable/")

    assert "Daily at 02:30" in shown
    assert "Left a mark." in shown
    assert "To be looked at" not in shown
    for page in (shown, text(client, JOB)):
        for button in ('name="paused"', "Run now", "Change the time"):
            assert button not in page


def test_what_is_late_stands_above_what_is_well():
    well, late = (
        showing.Line(jobs.jobs[name], None, None, "", due, None)
        for name, due in (("sample-tick", None), ("log-in-mail", timezone.now()))
    )
    queue = well.job.queue.title()
    assert showing.grouped([well, late]) == [("To be looked at", [late]), (queue, [well])]


def test_bob_pauses_a_job_and_lets_it_go_on(client):
    sits(client, "Bob", "house.pause_jobs")
    paused = client.post(f"{JOB}pause/", {"paused": "1"}, follow=True)
    assert "Paused by Bob" in " ".join(paused.content.decode().split())
    assert "Go on" in text(client, "/setup/timetable/")
    client.post(f"{JOB}pause/", {"paused": "0"})

    assert not JobSetting.objects.get(name="sample-tick").paused
    assert client.post("/setup/timetable/nonsense/pause/", {"paused": "1"}).status_code == 403


def test_bob_has_a_job_carried_out_now_which_stands_among_its_calls(
    client, django_capture_on_commit_callbacks
):
    sits(client, "Bob", "house.run_jobs")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{JOB}run/")
    shown = text(client, JOB)

    assert JobCall.objects.get().state == "done"
    assert ">Bob</td>" in shown
    assert "Left a mark." in shown


def test_a_paused_job_is_not_carried_out_and_the_page_says_why(client):
    bob = sits(client, "Bob", "house.run_jobs")
    setting.pause(name="sample-tick", paused=True, now=timezone.now(), actor=bob)

    assert "is paused" in client.post(f"{JOB}run/", follow=True).content.decode()
    assert not JobCall.objects.exists()


def test_carol_sets_another_time_and_words_that_are_none_are_refused(client):
    sits(client, "Carol", "house.change_timetable")
    refused = client.post(f"{JOB}time/", {"schedule": "now and then"})
    assert refused.status_code == 422
    assert "is no schedule" in refused.content.decode()

    client.post(f"{JOB}time/", {"schedule": "weekdays at 06:15"})
    assert "Weekdays at 06:15" in text(client, "/setup/timetable/")
    assert PeriodicTask.objects.get(name="sample-tick").crontab.hour == "6"


def test_s21_the_screens_change_nothing_but_time_and_pause_of_registered_jobs(client):
    """No field of a request reaches what a job does or in which queue, and none adds one."""
    sits(client, "Bob", "house.pause_jobs", "house.change_timetable", "house.run_jobs")
    beat.write(now=timezone.now())
    before, names = jobs.jobs["sample-tick"], set(PeriodicTask.objects.values_list("name", flat=True))
    more = {"task": "os.system", "queue": "money", "args": "[1]", "name": "mine", "enabled": "1"}
    client.post(f"{JOB}pause/", {"paused": "1", **more})
    client.post(f"{JOB}time/", {"schedule": "daily at 05:00", **more})
    for deed in ("pause", "time", "run"):
        assert client.post(f"/setup/timetable/mine/{deed}/", {"schedule": "every minute"}).status_code == 403

    row = PeriodicTask.objects.get(name="sample-tick")
    assert (row.task, row.queue, row.args) == ("house.job", "network", '["sample-tick"]')
    assert jobs.jobs["sample-tick"] is before
    assert set(PeriodicTask.objects.values_list("name", flat=True)) == names


def test_the_time_of_a_fixed_job_cannot_be_changed_on_the_screen_either(client):
    sits(client, "Carol", "house.change_timetable")

    assert "Change the time" not in text(client, "/setup/timetable/jobs-watch/")
    assert client.post("/setup/timetable/jobs-watch/time/", {"schedule": "daily at 05:00"}).status_code == 422


def test_what_watches_has_no_pause_on_the_screen_either(client):
    sits(client, "Bob", "house.pause_jobs")
    assert 'name="paused"' not in text(client, "/setup/timetable/jobs-watch/")
    paused = client.post("/setup/timetable/jobs-watch/pause/", {"paused": "1"}, follow=True)
    assert "cannot be paused" in paused.content.decode()


def test_a_job_with_a_right_of_its_own_asks_it_for_every_deed(client):
    own = jobs.Job(
        "sample-other", "Other", jobs.Queue.MONEY, lambda now: None, "daily at 02:00", "house.sign_move"
    )
    jobs.jobs.register(own)
    try:
        url, deeds = (
            "/setup/timetable/sample-other/",
            ("house.pause_jobs", "house.change_timetable", "house.run_jobs"),
        )
        sits(client, "Dora", *deeds)
        page = text(client, url)
        for button in ('name="paused"', "Run now", "Change the time"):
            assert button not in page
        for deed in ("pause", "time", "run"):
            assert client.post(f"{url}{deed}/", {"schedule": "daily at 05:00"}).status_code == 403
        sits(client, "Carol", *deeds, "house.sign_move")
        assert client.post(f"{url}time/", {"schedule": "daily at 05:00"}).status_code == 302
    finally:
        jobs.jobs.unregister("sample-other")


def test_the_screens_ask_the_same_for_ten_times_the_calls(client, django_assert_max_num_queries):
    sits(client, "Alice")
    client.get("/")
    for many in (6, 60):
        done = {"state": "done", "started_at": timezone.now(), "finished_at": timezone.now()}
        JobCall.objects.bulk_create(JobCall(name="sample-tick", said="Did it.", **done) for _ in range(many))
        with django_assert_max_num_queries(12):
            text(client, "/setup/timetable/")
        with django_assert_max_num_queries(12):
            text(client, JOB)
    assert "Older" in text(client, JOB)
    assert "Newest" in text(client, f"{JOB}?before={JobCall.objects.latest('pk').pk}")


def test_s19_what_a_job_said_is_text_whatever_it_holds(client):
    sits(client, "Alice")
    bad = '<img src="http://bad.example/"> {{ 7|add:7 }}'
    done = {"state": "done", "started_at": timezone.now(), "finished_at": timezone.now()}
    log = [{"at": timezone.now().isoformat(), "says": bad}]
    JobCall.objects.create(name="sample-tick", said=bad, log=log, error=bad, **done)

    assert "<img src=" not in text(client, JOB)
