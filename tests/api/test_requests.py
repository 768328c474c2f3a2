"""Requests: pages, keys that make a second sending the same, and one shape of no."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from customers.models import CustomerNote
from herotill.api.models import KeptAnswer
from herotill.api.services import forgetting, keeping
from herotill.models import Export
from tests.api.programs import program
from tests.factories import make_customer, make_person

SEE, NOTE = "customers.view_customer", "customers.add_customernote"
READ, WRITE = "customers:read", "customer-notes:write"
ALL = (READ, WRITE)


@pytest.mark.django_db
def test_pages_follow_each_other_whatever_comes_in_between() -> None:
    stock = program(make_person("Thabo", SEE), READ)
    for number in range(5):
        make_customer(f"Client {number}", f"CLI00{number}")

    first = stock.get("/customers", limit=2).json()
    make_customer("Early", "AAA001")
    second = stock.get("/customers", limit=2, cursor=first["next"]).json()
    last = stock.get("/customers", limit=2, cursor=second["next"]).json()
    codes = [one["code"] for page in (first, second, last) for one in page["items"]]
    assert codes == [*(f"CLI00{number}" for number in range(5)), "AAA001"]
    assert last["next"] is None


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["nonsense", "e30", "MQ", "WyJhIl0", "é", "WzEsMF0:x"])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    answer = program(make_person("Thabo", SEE), READ).get("/customers", cursor=cursor)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "cursor_unknown")


@pytest.mark.django_db
def test_s22_a_cursor_goes_on_in_the_list_it_came_from_alone() -> None:
    """With other filters it would begin deep in a list, as if nothing of it had been read."""
    stock = program(make_person("Thabo", SEE, "billing.view_document"), READ, "documents:read")
    for number in range(3):
        make_customer(f"Client {number}", f"CLI00{number}")
    cursor = stock.get("/customers", status="active", limit=1).json()["next"]
    for path, status in (("/customers", ""), ("/customers", "cancelled"), ("/documents", "active")):
        answer = stock.get(path, cursor=cursor, status=status)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "cursor_of_another")
    assert len(stock.get("/customers", status="active", limit=2, cursor=cursor).json()["items"]) == 2


@pytest.mark.django_db
def test_s22_a_long_list_takes_the_right_to_export_it_and_every_list_is_on_record(settings) -> None:
    """One entry for a person, a list and a day, with what it was filtered by."""
    settings.EXPORT_ROWS_WITHOUT_RIGHT = 3
    for number in range(5):
        make_customer(f"Client {number}", f"CLI00{number}")
    dora, carol = make_person("Dora", SEE), make_person("Carol", SEE, "customers.export_customers")
    hers = program(dora, READ)
    first = hers.get("/customers", limit=2).json()
    refused = hers.get("/customers", limit=2, cursor=first["next"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "export_right_missing")
    assert hers.get("/customers", limit=4).status_code == 403
    assert hers.get("/customers", status="active", limit=3).status_code == 200

    stock, cursor, count = program(carol, READ), "", 0
    while cursor is not None:
        page = stock.get("/customers", limit=2, cursor=cursor).json()
        cursor, count = page["next"], count + len(page["items"])
    assert count == 5
    taken = {one.person: one for one in Export.objects.filter(list_name="customers", file_format="api")}
    assert {person: one.rows for person, one in taken.items()} == {dora: 5, carol: 5}
    assert "status=active" in taken[dora].query
    assert taken[carol].query.startswith("token=ht_")


@pytest.mark.django_db
def test_a_page_takes_as_many_questions_with_ten_times_the_rows(django_assert_max_num_queries) -> None:
    stock = program(make_person("Thabo", SEE), READ)
    for number in range(30):
        make_customer(f"Client {number}", f"CLI{number:03}")
    stock.get("/customers", limit=3)
    for limit in (3, 30):
        with django_assert_max_num_queries(6):
            assert len(stock.get("/customers", limit=limit).json()["items"]) == limit


@pytest.mark.django_db
def test_a_note_that_is_sent_twice_is_written_once() -> None:
    make_customer("Alice Liddel", "ALI001")
    stock = program(make_person("Thabo", SEE, NOTE), *ALL)
    first, second = (stock.post("/customers/ALI001/notes", {"text": "Called."}, key="k1") for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json(), second.headers["Idempotent-Replayed"]) == (second.json(), "true")
    assert CustomerNote.objects.count() == 1
    other = stock.post("/customers/ALI001/notes", {"text": "Called again."}, key="k1")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_used")


@pytest.mark.django_db
def test_what_was_refused_leaves_no_key() -> None:
    stock = program(make_person("Thabo", SEE, NOTE), *ALL)
    assert stock.post("/customers/ALI001/notes", {"text": "Called."}, key="k1").status_code == 404
    make_customer("Alice Liddel", "ALI001")
    assert stock.post("/customers/ALI001/notes", {"text": "Called."}, key="k1").status_code == 201


@pytest.mark.django_db
def test_a_write_without_a_key_is_refused() -> None:
    make_customer("Alice Liddel", "ALI001")
    stock = program(make_person("Thabo", SEE, NOTE), *ALL)
    answer = stock.client.post(
        "/api/v1/customers/ALI001/notes",
        '{"text": "Called."}',
        content_type="application/json",
        headers=stock.headers,
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "key_missing")
    assert not CustomerNote.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_writes_and_both_hear_the_same() -> None:
    make_customer("Alice Liddel", "ALI001")
    stock = program(make_person("Thabo", SEE, NOTE), *ALL)

    def send(_: int) -> object:
        try:
            return stock.post("/customers/ALI001/notes", {"text": "Called."}, key="k1").json()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as many:
        answers = list(many.map(send, range(6)))
    assert all(one == answers[0] for one in answers)
    assert CustomerNote.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "tab\there", "null\x00", "x" * 20_001, None, 7])
def test_s19_text_that_no_person_could_type_is_refused(text: object) -> None:
    make_customer("Alice Liddel", "ALI001")
    stock = program(make_person("Thabo", SEE, NOTE), *ALL)
    answer = stock.post("/customers/ALI001/notes", {"text": text})
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["note.text"])


@pytest.mark.django_db
def test_every_no_has_the_same_shape() -> None:
    stock = program(make_person("Thabo", SEE, NOTE), *ALL)
    answers = [
        stock.get("/customers/NOB999"),
        stock.get("/customers", limit=0),
        stock.get("/nothing-here"),
        stock.post("/customers/NOB999/notes", {"text": "Called."}),
        stock.client.post(
            "/api/v1/customers/NOB999/notes",
            "{",
            content_type="application/json",
            headers=stock.headers | {"Idempotency-Key": "k"},
        ),
        Client().get("/api/v1/customers"),
    ]
    assert [one.status_code for one in answers] == [404, 422, 404, 404, 400, 401]
    for one in answers:
        assert set(one.json()["error"]) == {"code", "message", "fields"}


@pytest.mark.django_db
def test_kept_answers_are_forgotten_after_a_week() -> None:
    make_customer("Alice Liddel", "ALI001")
    program(make_person("Thabo", SEE, NOTE), *ALL).post("/customers/ALI001/notes", {"text": "Called."})
    assert keeping.forget(timezone.now()) == ""
    assert keeping.forget(timezone.now() + keeping.KEPT_FOR * 2) == "1 kept answers forgotten."


@pytest.mark.django_db
def test_s29_what_was_answered_of_the_forgotten_is_gone_and_nothing_is_done_twice() -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    stock = program(make_person("Thabo", SEE, NOTE), *ALL)
    stock.post("/customers/ALI001/notes", {"text": "Called."}, key="k1")
    for _ in range(2):
        forgetting.of_customers([alice.pk], ["ALI001"])

    again = stock.post("/customers/ALI001/notes", {"text": "Called."}, key="k1")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "answer_gone")
    assert CustomerNote.objects.count() == 1
    assert not KeptAnswer.objects.exclude(body="").exists()
