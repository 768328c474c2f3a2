"""Safety 19: a text knows fields and nothing else, and a value is never more than a value."""

from __future__ import annotations

from datetime import datetime

import pytest

from herotill.messages.policies import rendering
from herotill.messages.policies.texting import normalised, size
from herotill.messages.services import outbox, sending
from tests.messages.mailserver import Sink

WEAPONS = (
    "{{ 7|add:1 }}",
    "{amount}",
    "<img src=http://evil.example/x onerror=alert(1)>",
    "Eve\r\nBcc: all@example.com",
    "Eve\tAdams",
    "Eve\x07\x00Adams",
    "Eve\u2028Adams",
    "http://evil.example/",
)


@pytest.mark.parametrize("name", WEAPONS)
@pytest.mark.django_db
def test_s19_a_name_is_a_name_in_every_place_of_a_mail(sink: Sink, now: datetime, name: str) -> None:
    context = {"name": name, "number": name, "amount": "R 10.00"}
    outbox.queue(
        template="test-bill",
        to="alice@example.com",
        context={k: v.replace("\0", "") for k, v in context.items()},
        now=now,
    )
    assert sending.send_mail(now) == "1 sent."
    mail = sink.taken[0]
    shown = rendering.one_line(name.replace("\0", ""))
    assert mail["Subject"] == f"Your bill {shown}"
    assert mail["Bcc"] is None
    assert mail["To"] == "alice@example.com"
    text = mail.get_body(("plain",)).get_content().splitlines()
    assert text == [f"Dear {shown},", "", "please pay R 10.00."]
    html = mail.get_body(("html",)).get_content()
    assert "<img" not in html
    assert "<a " not in html


def test_s19_values_are_put_in_once_and_lines_belong_to_the_text() -> None:
    values = {"name": "{amount}", "amount": "R 1", "bank": "Line 1\r\nLine\t2"}
    assert rendering.plain("{name} {amount}", values) == "{amount} R 1"
    assert rendering.plain("{bank}", values, {"bank"}) == "Line 1\nLine 2"
    assert rendering.plain("{bank}", values) == "Line 1 Line 2"
    assert rendering.plain("{none}", values) == ""


def test_s19_only_a_link_field_becomes_a_link_and_only_an_address_of_the_web() -> None:
    text = "See {link}."
    assert '<a href="https://isp.example/?a=1&amp;b=2">' in rendering.html(
        text, {"link": "https://isp.example/?a=1&b=2"}, {"link"}
    )
    assert "<a " not in rendering.html(text, {"link": "javascript:alert(1)"}, {"link"})
    assert rendering.html("a < b\n\nc\nd", {}) == "<p>a &lt; b</p>\n<p>c<br>\nd</p>"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Dear {name}", ""),
        ("Dear {nam}", "There is no field {nam} here."),
        ("Dear {{ name }}", "Braces stand around"),
        ("Dear {name", "Braces stand around"),
        ("Dear {Name}", "Braces stand around"),
        ("Dear\t{name}", "cannot be seen"),
        ("Call 010 555 0100 or +27 82 123 4567 or 0860 123 123", ""),
        ("Ref INV00699 of 2026-11-21 for R 18 597.00", ""),
        ("Pay into 62 012 345 678", "looks as if it held an account number"),
        ("Account no. 4051234", "looks as if it held an account number"),
        ("branch code: 250655", "looks as if it held an account number"),
        ("FNB 62012345678.", "looks as if it held an account number"),
    ],
)
def test_s06_bank_details_come_from_the_field_alone(text: str, why: str) -> None:
    said = rendering.trouble_with(text, {"name", "bank_details"})
    assert why in said if why else said == ""


@pytest.mark.parametrize(
    ("text", "parts", "unicode"),
    [
        ("a" * 160, 1, False),
        ("a" * 161, 2, False),
        ("a" * 306, 2, False),
        ("a" * 307, 3, False),
        ("€" * 80, 1, False),
        ("€" * 81, 2, False),
        ("ž" * 70, 1, True),
        ("ž" * 71, 2, True),
        ("😀" * 35, 1, True),
        ("", 1, False),
    ],
)
def test_parts_are_counted_as_the_networks_do(text: str, parts: int, unicode: bool) -> None:
    found = size(text)
    assert (found.parts, found.unicode) == (parts, unicode)


def test_quotes_of_word_processors_do_not_double_the_price() -> None:
    text = normalised("“Alice’s” tower – down…\u00a0Sorry\u200b.\t")
    assert text == '"Alice\'s" tower - down... Sorry.'
    assert not size(text).unicode
