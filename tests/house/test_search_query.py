"""What somebody types, read as a question: any text at all, and the spellings of numbers."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from herotill.search import find
from herotill.search.query import MOST_LETTERS, MOST_WORDS, parse
from tests.factories import make_person

ANY_TEXT = st.one_of(
    st.text(max_size=120),
    st.text(alphabet="ab1 '\\:*&|!()<>-@.+\x00\"%_", max_size=40),
)
with_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def asked(query, *args):
    with connection.cursor() as cursor:
        cursor.execute(query, args)
        return cursor.fetchone()[0]


@pytest.mark.django_db
@with_database
@given(text=ANY_TEXT)
def test_nothing_that_is_typed_breaks_a_question(text):
    query = parse(text)

    for written in filter(None, (query.keys, query.checks)):
        assert asked("SELECT numnode(%s::tsquery)", written) >= 1


@pytest.mark.django_db
def test_nothing_that_is_typed_breaks_the_search():
    person = make_person(
        "Alice", "customers.view_customer", "customers.see_id_numbers", "sampleapp.view_gadget"
    )

    @with_database
    @given(text=ANY_TEXT)
    def search(text):
        assert find(person, text).words == parse(text).words

    search()


@pytest.mark.django_db
@with_database
@given(
    text=st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60)
)
def test_words_end_in_the_box_where_they_end_in_the_documents(text):
    in_documents = asked("SELECT house_search_words(%s)", text)

    assert list(parse(text).words) == [word[:64] for word in in_documents][:MOST_WORDS]


@given(text=ANY_TEXT)
def test_what_holds_no_word_asks_for_nothing(text):
    query = parse(text)

    assert bool(query) == bool(query.words)
    assert len(query.words) <= MOST_WORDS


def test_a_text_without_end_is_cut():
    assert len(parse("a" * 10_000).exact) == MOST_LETTERS


@pytest.mark.parametrize(
    ("typed", "keys", "checks"),
    [
        ("ali", "'ali':*", ""),
        ("Liddel  AL", "'liddel':* & 'al':*", ""),
        ("Élise", "'elise':*", ""),
        ("O'Brien", "'obrien':*", ""),
        ("alice@wonder", "'alice' & 'wonder':*", ""),
        ("thandi gmail.com", "'thandi':*", "'gmail' & 'com':*"),
        ("liddel a", "'liddel':*", "'a':*"),
        ("van der merwe", "'merwe':*", "'van':* & 'der':*"),
        ("van der", "'van':*", "'der':*"),
        ("jo va", "'jo':*", "'va':*"),
        ("co za", "'co':*", "'za':*"),
        ("a", "", "'a':*"),
        ("4567", "('4567':* | '<7654':*)", ""),
        ("082", "('082' | '<280':*)", ""),
        ("082 123", "('082123':* | '<321280':* | ('082' & '123'))", ""),
    ],
)
def test_words_may_be_beginnings_and_common_ones_are_only_looked_at(typed, keys, checks):
    query = parse(typed)

    assert (query.keys, query.checks) == (keys, checks)


@pytest.mark.parametrize("typed", ["+27 82 123 4567", "0027821234567", "27821234567", "+27 (0)82 123-4567"])
def test_a_number_with_the_country_before_it_is_the_national_one(typed):
    assert "'0821234567':*" in parse(typed).keys


def test_a_foreign_number_is_found_with_zeros_before_it_too():
    assert "'441632':*" in parse("0044 1632").keys
