"""Sub-accounts and their masters (rule 10)."""

from __future__ import annotations

from customers.policies.importing.masters import Sub, refused_subs


def reasons(
    *pairs: tuple[str, str], refused: set[str] | None = None, known: set[str] | None = None
) -> list[str]:
    """The reason for each (code, master), "" where it comes in."""
    subs = [Sub(line, code, master) for line, (code, master) in enumerate(pairs, start=2)]
    found = refused_subs(subs, refused_codes=refused or set(), is_known=(known or set()).__contains__)
    return [found.get(sub.line, "") for sub in subs]


def test_a_master_may_come_later_and_be_a_sub_account_itself() -> None:
    assert reasons(("ALI001", "WON001"), ("WON001", "LAN001"), ("LAN001", "")) == ["", "", ""]


def test_a_master_may_be_in_the_database() -> None:
    assert reasons(("ALI001", "WON001"), known={"WON001"}) == [""]


def test_a_master_that_is_nowhere_is_unknown_and_whoever_is_below_is_refused_with_it() -> None:
    assert reasons(("ALI001", "WON001"), ("BOB001", "ALI001"), ("", "BOB001")) == [
        "master_unknown",
        "master_refused",
        "master_refused",
    ]


def test_a_master_refused_before_refuses_its_subs() -> None:
    assert reasons(("ALI001", "WON001"), ("BOB001", ""), refused={"WON001"}) == ["master_refused", ""]


def test_a_ring_of_masters_refuses_its_members_as_a_ring_and_the_others_below() -> None:
    assert reasons(("A01", "B01"), ("B01", "C01"), ("C01", "B01"), ("D01", "D01"), ("E01", "")) == [
        "master_refused",
        "master_cycle",
        "master_cycle",
        "master_cycle",
        "",
    ]


def test_a_record_without_a_code_is_nobodys_master() -> None:
    assert reasons(("", ""), ("ALI001", "")) == ["", ""]


def test_a_chain_of_a_hundred_thousand_is_no_matter() -> None:
    chain = [(f"C{number}", f"C{number + 1}") for number in range(100_000)]
    assert set(reasons(*chain, known={"C100000"})) == {""}
    assert reasons(*chain).count("master_refused") == 99_999
