"""E-mail addresses (rule 7)."""

from __future__ import annotations

import pytest

from customers.policies.emails import is_email
from customers.policies.importing.emails import read_emails


@pytest.mark.parametrize(
    ("text", "good", "dropped"),
    [
        ("Alice@Example.COM", ["alice@example.com"], False),
        ("mailto:alice@example.com", ["alice@example.com"], False),
        ("b@example.com; a@example.com", ["b@example.com", "a@example.com"], False),
        ("a@example.com,b@example.com/c@example.com|d@example.com e@example.com", list("abcde"), False),
        ("a@example.com;;A@EXAMPLE.COM;", ["a@example.com"], False),
        ("Alice Liddel <alice@example.com>", ["alice@example.com"], False),
        ("<a@example.com> b@example.com <c@example.com; d@example.com>", list("acd"), False),
        ("Alice <alice@example.com", [], False),
        ("none@ ; alice@example.com", ["alice@example.com"], True),
        ("Alice alice@example.com", ["alice@example.com"], True),
    ],
)
def test_good_addresses_are_kept_in_order_each_once(text: str, good: list[str], dropped: bool) -> None:
    emails = read_emails(text)
    assert list(emails.good) == [g if "@" in g else f"{g}@example.com" for g in good]
    assert emails.warnings == ({"email_dropped"} if dropped else set())


def test_nothing_is_missing_and_nothing_good_is_bad() -> None:
    assert read_emails("").faults == ("missing_email",)
    assert read_emails("none@, @example.com").faults == ("bad_email",)
    assert read_emails("< >").faults == ("bad_email",)
    assert read_emails(";").faults == ("bad_email",)
    assert read_emails("a@example.com").faults == ()


@pytest.mark.parametrize(
    "text",
    [
        "a@b.co",
        "o'neil+bill_%x-y@mail.example.com",
        "a.b.c@x1.example",
        "1@2.3.za",
        "a" * 242 + "@example.com",
    ],
)
def test_what_can_be_an_address(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        *("a@example", "a@@example.com", ".a@example.com", "a.@example.com", "a..b@example.com", "a@-x.com"),
        *("a@x-.com", "a@example.c", "a@example.c0m", "a@example..com", "a@exa_mple.com", "zoë@example.com"),
        *(
            "A@example.com",
            "a@example.com.",
            "a@example.com\n",
            "a b@example.com",
            "a" * 243 + "@example.com",
        ),
    ],
)
def test_what_cannot_be_an_address(text: str) -> None:
    assert not is_email(text)
