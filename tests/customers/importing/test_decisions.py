"""Whole files as stories: who is whom, in file order and against the database (rules 3, 9 and 10)."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from customers.policies.importing.engine import survey
from customers.policies.importing.fields import FIELDS
from customers.policies.importing.outcome import Action, Holding, Kind, Known
from customers.policies.importing.preset import BACK_OFFICE
from herotill.imports.columns import lay
from herotill.imports.reading import read_csv
from tests.customers.importing import acceptance
from tests.customers.importing.files import company, done, file_of, person, told

ALICE = person("Liddel, Alice", code="ALI001", email="alice@example.com")
ALICE_HELD = Holding(
    kind=Kind.INDIVIDUAL,
    name="Alice Liddel",
    contact_name="Alice Liddel",
    emails=("alice@example.com", "home@example.com"),
    phone="+27211234567",
    status="suspended",
    master="WON001",
    balance=Decimal("5.00"),
)
BOB = person("Bobson, Bob", code="BOB001", email="bob@example.com")


def holding(*customers: tuple[str, Holding]) -> Known:
    """A database that holds these customers."""
    by_email: dict[str, list[str]] = {}
    for code, held in customers:
        by_email.setdefault(held.emails[0], []).append(code)
    return Known(dict(customers), by_email, frozenset(code for code, _held in customers))


def test_a_code_that_is_there_updates_the_same_name_and_refuses_another() -> None:
    assert told(
        ALICE,
        ALICE | {"Surname, Names": "LIDDÉL, Alice", "Cell": "0831234567"},
        ALICE | {"Surname, Names": "Liddel, Lorina"},
        company("Alice Liddel", code="ALI001"),
    ) == ["create ALI001", "update ALI001", "duplicate_code", "duplicate_code"]


def test_after_a_refused_record_its_code_is_free_for_the_next() -> None:
    lorina = ALICE | {"Surname, Names": "Liddel, Lorina"}
    assert told(ALICE | {"E-Mail": "none"}, lorina, ALICE) == [
        "missing_email",
        "create ALI001",
        "duplicate_code",
    ]


def test_a_clash_of_codes_is_told_after_the_name_and_before_everything_else() -> None:
    clash = person("Lorina", code="ALI001", cell="", email="", status="?!", balance="x")
    assert told(ALICE, clash, clash | {"Surname, Names": "12"}) == [
        "create ALI001",
        "duplicate_code",
        "missing_name",
    ]


def test_without_a_code_the_same_name_and_address_is_the_same_customer() -> None:
    assert told(
        person("Liddel, Alice", email="alice@example.com"),
        person("LIDDEL, ALICE", email="Alice@Example.com; more@example.com"),
        person("Liddel, Alice", email="other@example.com"),
        company("Alice Liddel", email="alice@example.com"),
    ) == [
        "create ALI001 code_generated",
        "update ALI001 matched_by_name",
        "create ALI002 code_generated",
        "create ALI003 code_generated",
    ]


def test_an_address_that_the_customer_had_in_the_file_still_finds_it() -> None:
    moved = ALICE | {"E-Mail": "moved@example.com"}
    outcomes = done(
        ALICE,
        moved,
        person("Liddel, Alice", email="alice@example.com"),
        person("Liddel, Alice", email="moved@example.com"),
    )
    assert [outcome.code for outcome in outcomes] == ["ALI001"] * 4
    assert [o.holding.emails[0] for o in outcomes if o.holding] == [
        "alice@example.com",
        "moved@example.com",
        "alice@example.com",
        "moved@example.com",
    ]


def test_a_record_without_code_and_address_is_nobody_that_is_there() -> None:
    assert told(ALICE, ALICE | {"E-Mail": ""}, person("Liddel, Alice", email="")) == [
        "create ALI001",
        "update ALI001",
        "missing_email",
    ]


def test_an_update_leaves_what_the_record_does_not_say_and_never_master_or_balance() -> None:
    (outcome,) = done(
        person("Liddel, Alice", code="ALI001", cell="", email="", status="", parent="ALICE1", balance="7"),
        known=holding(("ALI001", ALICE_HELD)),
    )
    assert (outcome.action, outcome.warnings) == (Action.UPDATE, ("balance_kept", "master_kept"))
    assert outcome.holding == ALICE_HELD


def test_a_master_or_balance_that_is_the_same_is_nothing_to_tell() -> None:
    known = holding(("ALI001", ALICE_HELD))
    assert told(ALICE | {"Parent": "won 001", "Balance b/f": "R5.00"}, known=known) == ["update ALI001"]


def test_an_update_refuses_what_is_filled_and_bad() -> None:
    known = holding(("ALI001", ALICE_HELD))
    assert told(
        ALICE | {"Cell": "home"},
        ALICE | {"E-Mail": "x"},
        ALICE | {"Status": "?!"},
        ALICE | {"Balance b/f": "x"},
        known=known,
    ) == ["bad_phone", "bad_email", "unknown_status", "bad_amount"]


def test_the_database_is_asked_by_code_and_by_name_and_address() -> None:
    known = holding(("ALI001", ALICE_HELD))
    assert told(
        ALICE | {"Surname, Names": "Liddel, Lorina"},
        person("Liddel, Alice", email="alice@example.com"),
        person("Liddel, Alice", email="home@example.com"),
        person("Cat", code="CAT001", parent="ALI001"),
        known=known,
    ) == ["duplicate_code", "update ALI001 matched_by_name", "create ALI002 code_generated", "create CAT001"]


def test_of_two_alike_in_the_database_a_record_without_code_means_the_one_no_other_record_names() -> None:
    known = holding(("ALI001", ALICE_HELD), ("ALI002", ALICE_HELD))
    nameless = person("Liddel, Alice", email="alice@example.com")
    assert told(nameless, known=known) == ["update ALI001 matched_by_name"]
    assert told(nameless, ALICE, known=known) == ["update ALI002 matched_by_name", "update ALI001"]


def test_a_given_code_avoids_the_database_and_every_code_in_the_file() -> None:
    known = Known(taken=frozenset(("ALI001",)))
    short = ["ALI004", "", "Cat"]
    data = (
        file_of(
            person("Liddel, Alice", email="a@example.com"),
            person("Liddel, Alice", email="b@example.com"),
            person("Liddel, Alice", code="ALI003", email="refused"),
        )
        + ";".join(short).encode()
    )
    outcomes = acceptance.run(data, known)
    assert [outcome.code or outcome.reason for outcome in outcomes] == [
        "ALI002",
        "ALI004",
        "bad_email",
        "wrong_columns",
    ]


def test_whom_a_master_refuses_in_the_end_takes_no_code_and_brings_no_category() -> None:
    lost = person("Liddel, Alice", email="a@example.com", parent="GONE01", cat="Farm", tag="Blue")
    found = person("Liddel, Alice", email="b@example.com", cat="farm", tag="BLUE")
    assert told(lost, lost | {"Cell": "0831234567"}, found) == [
        "master_unknown",
        "master_unknown",
        "create ALI001 category_created code_generated label_created",
    ]


def test_a_master_that_only_a_later_record_creates_is_there_but_a_given_code_is_not() -> None:
    assert told(
        ALICE | {"Parent": "bob001"},
        BOB,
        person("Cat", email="cat@example.com"),
        person("Kitten", code="KIT001", parent="CAT001"),
    ) == ["create ALI001", "create BOB001", "create CAT001 code_generated", "master_unknown"]


def test_a_master_whose_record_was_refused_refuses_whatever_was_wrong_with_it() -> None:
    assert told(
        ALICE | {"Parent": "B-1"}, BOB | {"Cust No": "b-1"}, person("Cat", code="CAT001", parent="B-2")
    ) == ["master_refused", "bad_code", "master_unknown"]


def test_a_master_given_its_code_by_a_first_import_is_there_for_the_second() -> None:
    records = (person("Cat", email="cat@example.com"), person("Kitten", code="KIT001", parent="CAT001"))
    first = done(*records)
    assert [outcome.reason for outcome in first] == ["", "master_unknown"]
    assert told(*records, known=acceptance.after(first)) == ["update CAT001 matched_by_name", "create KIT001"]


def test_a_billing_group_that_is_not_there_is_told_and_left_out() -> None:
    (outcome,) = done(ALICE | {"Debit Run": "15"}, known=Known(billing_groups=frozenset(("Month end",))))
    assert (outcome.billing_group, outcome.warnings) == ("", ("unknown_run",))


def test_names_of_groups_and_tags_are_those_that_exist_or_the_first_written() -> None:
    outcomes = done(
        ALICE | {"Cat": "vip", "Colour tag": "Pers", "Debit Run": "1"},
        BOB | {"Cat": "VIP", "Colour tag": "PERS", "Debit Run": "run 25"},
    )
    assert [(o.category, o.label, o.billing_group) for o in outcomes] == [
        ("VIP", "Pers", "Netcash Run 1"),
        ("VIP", "Pers", "Netcash Run 25"),
    ]


def test_the_survey_asks_the_database_only_for_what_the_file_needs() -> None:
    sheet = read_csv(
        file_of(
            ALICE | {"Parent": "won 001"},
            person("Zola", email="zola@example.com"),
            company("24/7", code="X-1", parent="no master"),
        )
    )
    wanted = survey(sheet, lay(BACK_OFFICE.fields, sheet.headings, FIELDS)).wanted
    assert wanted.codes == {"ALI001", "WON001", "NOMASTER"}
    assert wanted.emails == {"zola@example.com"}
    assert wanted.letters == {"ZOL"}


# No master here is called like a code that is given out: after a first import that one would be there.
RECORDS = st.builds(
    person,
    st.sampled_from(["Liddel, Alice", "LIDDEL, ALICE", "Bobson, Bob", "Mr", "Carol"]),
    code=st.sampled_from(["", "", "WON001", "won 001", "LAN001", "TEA001", "B!"]),
    email=st.sampled_from(["a@example.com", "b@example.com", "a@example.com b@example.com", "", "x"]),
    cell=st.sampled_from(["0821234567", "0831234567", "0000000000", ""]),
    status=st.sampled_from(["Active", "S", "", "?!"]),
    parent=st.sampled_from(["", "", "WON001", "LAN001", "GONE01"]),
    balance=st.sampled_from(["", "5", "(7)", "x"]),
    cat=st.sampled_from(["", "Farm", "FARM"]),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(RECORDS, max_size=8))
def test_the_same_file_again_creates_nobody_and_no_code_is_given_twice(records: list[dict[str, str]]) -> None:
    first = done(*records)
    created = [outcome.code for outcome in first if outcome.action is Action.CREATE]
    assert len(set(created)) == len(created)
    there = acceptance.after(first)
    second = done(*records, known=there)
    assert not [outcome for outcome in second if outcome.action is Action.CREATE]
    if not [outcome for outcome in first if outcome.action is Action.REFUSE]:
        assert acceptance.after(second, there).customers == there.customers
