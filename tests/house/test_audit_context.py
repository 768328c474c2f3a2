"""Two at once, requests, and connections that are handed on: nobody is taken for somebody else."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from psycopg_pool import ConnectionPool

from herotill import audit
from herotill.audit.middleware import AuditMiddleware, shown_path
from herotill.bulk import copy_rows
from herotill.models import AuditEvent
from tests.factories import make_person
from tests.sampleapp.models import Mark, Safe


def in_a_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_told_apart() -> None:
    people = [make_person("Alice"), make_person("Bob")]
    together = threading.Barrier(2)

    def work(number: int) -> None:
        with audit.acting(actor=people[number], source=f"/screen/{number}/"):
            for turn in range(5):
                together.wait(timeout=60)
                Safe.objects.create(name=f"{number} {turn}")
                with transaction.atomic():
                    copy_rows(
                        Safe, ["name", "combination", "combination_last_four"], [(f"{number} copy", "", "")]
                    )

    for thread in [in_a_thread(lambda number=number: work(number)) for number in (0, 1)]:
        thread.join()
    told = {
        (one.name[0], one.actor_id, one.source) for one in AuditEvent.objects.filter(model="sampleapp.safe")
    }
    assert told == {("0", people[0].pk, "/screen/0/"), ("1", people[1].pk, "/screen/1/")}


@pytest.mark.django_db(transaction=True)
def test_a_pooled_connection_carries_nobody_to_its_next_user() -> None:
    alice = make_person("Alice")
    connection.ensure_connection()
    parameters = {key: value for key, value in connection.get_connection_params().items() if key != "context"}
    with ConnectionPool(kwargs=parameters, min_size=1, max_size=1) as pool:
        with pool.connection() as raw, raw.transaction():
            raw.execute(
                "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
                ["3a0a0bb4-5b0e-4f7e-8c2e-0d4a3c8f0f10", f'{{"user": {alice.pk}, "source": "/x/"}}'],
            )
            raw.execute(
                "INSERT INTO sampleapp_safe (name, combination, combination_last_four) VALUES ('hers', '', '')"
            )
            first = raw.info.backend_pid
        with pool.connection() as raw:
            raw.execute(
                "INSERT INTO sampleapp_safe (name, combination, combination_last_four) VALUES ('whose', '', '')"
            )
            assert raw.info.backend_pid == first
    actors = dict(AuditEvent.objects.filter(model="sampleapp.safe").values_list("name", "actor_id"))
    assert actors == {"hers": alice.pk, "whose": None}


@pytest.mark.django_db(transaction=True)
def test_the_next_transaction_of_a_connection_starts_without_anybody() -> None:
    alice = make_person("Alice")
    with audit.acting(actor=alice, source="/x/"), transaction.atomic():
        Safe.objects.create(name="hers")
    Safe.objects.create(name="whose")
    with audit.acting(actor=alice, source="/x/"):
        Safe.objects.create(name="hers, at once")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pghistory.context_metadata', true)")
        assert cursor.fetchone() == ("",)
    actors = dict(AuditEvent.objects.filter(model="sampleapp.safe").values_list("name", "actor_id"))
    assert actors == {"hers": alice.pk, "whose": None, "hers, at once": alice.pk}


@pytest.mark.django_db(transaction=True)
def test_attaching_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        audit.attach()


@pytest.mark.django_db
def test_a_percent_sign_in_plain_sql_stays_one() -> None:
    with audit.acting(source="job: nightly"), connection.cursor() as cursor:
        cursor.execute("INSERT INTO sampleapp_mark (text) VALUES ('50% of all')")
        cursor.execute("UPDATE sampleapp_mark SET text = text || '!' WHERE text LIKE '50\\%%'")
        cursor.execute("SELECT text FROM sampleapp_mark WHERE text LIKE '%all!'")
        assert cursor.fetchall() == [("50% of all!",)]
    assert Mark.objects.count() == 1


@pytest.mark.django_db
def test_a_request_acts_as_its_person_from_its_path() -> None:
    alice = make_person("Alice")

    def view(request: HttpRequest) -> HttpResponse:
        middleware.process_view(request, view, (), {"code": "ALI001"})
        Safe.objects.create(name="Front")
        return HttpResponse("done")

    middleware = AuditMiddleware(view)
    request = RequestFactory().post("/customers/ALI001/", REMOTE_ADDR="10.1.2.3")
    request.user = alice
    assert middleware(request).status_code == 200
    event = AuditEvent.objects.get(model="sampleapp.safe")
    assert (event.actor_id, event.source, event.ip) == (alice.pk, "/customers/ALI001/", "10.1.2.3")


def test_s07_what_works_as_a_link_is_not_kept_as_a_path() -> None:
    token = "dBkz5w-Q0pU3JrX1_8mVnA2sLtYcEhGf9oKiWqRbZx4"
    assert shown_path(f"/password/{token}/", {"token": token}) == "/password/[link]/"
    assert shown_path(f"/quotes/{token}/", {"code": token}) == "/quotes/[link]/"
    assert shown_path("/customers/ALI001/widgets/contacts/", {"code": "ALI001", "name": "contacts"}) == (
        "/customers/ALI001/widgets/contacts/"
    )
