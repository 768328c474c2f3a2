"""COPY in and out, in the name of whoever does it."""

import re
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from herotill import audit
from herotill.bulk import array, copy_rows
from herotill.models import AuditEvent
from herotill.settings import BASE_DIR
from tests.factories import make_person
from tests.sampleapp.models import Mark, Safe

pytestmark = pytest.mark.django_db


def test_rows_of_a_generator_arrive_and_are_counted() -> None:
    assert copy_rows(Mark, ["text"], ((f"mark {number}",) for number in range(5000))) == 5000
    assert Mark.objects.count() == 5000


def test_rows_are_taken_one_by_one() -> None:
    taken = []

    def rows() -> Iterator[tuple[str]]:
        for number in range(3):
            taken.append(number)
            yield (str(number),)

    copy_rows(Mark, ["text"], rows())
    assert taken == [0, 1, 2]


def test_values_that_would_end_a_line_or_a_field_survive() -> None:
    awkward = 'tab\there, line\nthere, "quote", back\\slash, \\N, {"brace"}'
    copy_rows("sampleapp_mark", ["text"], [(awkward,)])
    assert Mark.objects.get().text == awkward


def test_rows_that_ask_the_database_are_refused_instead_of_waiting_for_ever() -> None:
    with pytest.raises(RuntimeError, match="until they all are"), transaction.atomic():
        copy_rows(Mark, ["text"], ((str(Mark.objects.count()),) for _ in range(3)))
    assert not Mark.objects.exists()


def test_one_wrong_row_refuses_them_all() -> None:
    first = Mark.objects.create(text="first")
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_rows(Mark, ["id", "text"], [(first.pk + 1, "second"), (first.pk, "first again")])
    assert Mark.objects.count() == 1


def test_copied_rows_are_audited_in_the_name_of_who_copies() -> None:
    alice = make_person("Alice")
    with audit.acting(actor=alice, source="import: customers", run=12):
        copy_rows(Safe, ["name", "combination", "combination_last_four"], [("One", "", ""), ("Two", "", "")])
    events = AuditEvent.objects.filter(model="sampleapp.safe")
    assert [(one.actor_id, one.source, one.run_id) for one in events] == [
        (alice.pk, "import: customers", 12)
    ] * 2


def test_without_the_helper_copy_would_lose_who_acts() -> None:
    alice = make_person("Alice")
    columns = "name, combination, combination_last_four"
    with (
        audit.acting(actor=alice, source="import: customers"),
        connection.cursor() as cursor,
        cursor.copy(f"COPY sampleapp_safe ({columns}) FROM STDIN") as copy,
    ):
        copy.write_row(("One", "", ""))
    assert AuditEvent.objects.get(model="sampleapp.safe").actor_id is None


def test_nobody_else_speaks_copy() -> None:
    """It would lose who acts; so would executemany."""
    others = [path for folder in ("herotill", "customers") for path in (BASE_DIR / folder).rglob("*.py")]
    spoken = re.compile(r"cursor\.copy\(|executemany\(|COPY [^\n]*FROM STDIN")
    speakers = {str(path.relative_to(BASE_DIR)) for path in others if spoken.search(path.read_text())}
    assert speakers == {"herotill/bulk.py"}


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=9), max_size=6
    )
)
@example(["", "NULL", '"', "\\", "a,b", "{}", " ", "two\nlines\ttab"])
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_array_arrives_as_it_was_sent(texts: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array(texts)])
        assert cursor.fetchone() == (texts,)
    with transaction.atomic():
        copy_rows("sampleapp_mark", ["text"], [[array(texts)]])
        with connection.cursor() as cursor:
            cursor.execute("SELECT text::text[] FROM sampleapp_mark")
            assert cursor.fetchone() == (texts,)
        transaction.set_rollback(True)
