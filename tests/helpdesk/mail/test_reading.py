"""Reading mail never fails, whatever comes; and says what the rules say where the sets of messages are silent."""

from __future__ import annotations

import string
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpdesk.policies.mail import attachments, cleaning, html, outcome, parsing, parts, quoting
from helpdesk.policies.mail.known import House, Judgement, Known, KnownTicket

NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
HOUSE = House(
    tickets_domain="tickets.isp.example",
    authserv_id="mx.isp.example",
    mailboxes={"help@isp.example": "Support"},
)
KNOWN = Known(
    now=NOW,
    staff=frozenset({"dora@isp.example"}),
    customers={"alice@wonderland.example": frozenset({"ALI001"})},
    tickets={
        7: KnownTicket(7, "abc123", False, None, None, "Sales", "ALI001", "alice@wonderland.example"),
        8: KnownTicket(8, "def456", True, NOW, 7, "Support", "ALI001", "alice@wonderland.example"),
        9: KnownTicket(9, "loop99", True, NOW, 9, "Support", None, "alice@wonderland.example"),
    },
)


def judged(raw: bytes) -> Judgement:
    read = outcome.read(raw, HOUSE)
    if isinstance(read, Judgement):
        return read
    return outcome.judge(read, mailbox="help@isp.example", house=HOUSE, known=KNOWN)


def letter(head: str = "", body: str = "Hello", sender: str = "alice@wonderland.example") -> bytes:
    return f"From: {sender}\nDate: Wed, 22 Aug 2018 09:00:00 +0000\n{head}\n{body}".encode()


HEADERS = "From To Subject Message-ID Date Content-Type Content-Disposition Content-Transfer-Encoding References".split()
PIECES = st.sampled_from(
    "multipart/mixed; boundary=b|--b|--b--|text/html|text/plain; charset=utf-7|message/rfc822|base64|=?utf-8?q?=?="
    '|"|<|>|;|filename*0*=x|<ticket-7.abc123@tickets.isp.example>|a@b|\r|\n\n|\0|format=flowed|(((|:|,'
    "|message/delivery-status|multipart/report; report-type=delivery-status; boundary=b|\x80\xff|=".split("|")
)
LINES = st.builds(
    lambda name, words, end: f"{name}: {' '.join(words)}{end}",
    st.sampled_from(HEADERS),
    st.lists(PIECES, max_size=4),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
@example(b"From: a@b\nMessage-ID: <>\n\n")
@example(b"From: a@b\nSubject: =?utf-7?q?+2AA-?=\n\n+2AA-")
@example(b"From: a@b\nContent-Type: text/plain; charset=unicode_escape\n\n\\ud800")
def test_any_bytes_are_read(raw: bytes) -> None:
    assert judged(raw).outcome
    assert judged(b"From: a@b.example\n" + raw).outcome


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINES, max_size=8), st.lists(PIECES, max_size=8))
def test_hostile_mime_is_read(head: list[str], body: list[str]) -> None:
    raw = ("From: alice@wonderland.example\n" + "".join(head) + "\n" + "\n".join(body)).encode("latin-1")
    found = judged(raw)
    (found.subject or "").encode()
    (found.text or "").encode()
    assert "\0" not in (found.text or "")


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=string.printable + "<>&\u00a0", max_size=200))
def test_any_html_is_read_and_comes_clean(page: str) -> None:
    html.lines_of(page)
    html.flags_of(page)
    clean = cleaning.cleaned(page)
    assert html.flags_of(clean) == frozenset()


@pytest.mark.parametrize("depth", [50, 99, 100, 340, 900, 3000])
def test_parts_within_parts_without_end_are_read(depth: int) -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    raw = f"From: alice@wonderland.example\n{nested}Content-Type: text/plain\n\nDeep".encode()
    assert "malformed_mime" in judged(raw).flags


@pytest.mark.parametrize("piece", [b"--b\n\nx\n", b"\n", b"\r--b\r"])
def test_no_parts_take_for_ever(piece: bytes) -> None:
    kind = b"From: alice@wonderland.example\nContent-Type: multipart/mixed; boundary=b\n\n"
    message = parsing.parse(kind + piece * 600_000)
    assert not message.is_multipart()
    assert parsing.parse(kind + piece * 1_000 + b"\n--b\n\nx\n--b--\n").is_multipart()


@pytest.mark.parametrize(
    "piece", ["<a href='", "<!--", "<![", "<div>", "</p>", "<b></i>", "&#", "<td><i>", "<"]
)
def test_no_html_takes_for_ever(piece: str) -> None:
    page = piece * 60_000
    assert html.lines_of(page)
    assert isinstance(html.flags_of(page), frozenset)


@pytest.mark.parametrize("piece", ["<div>x", "<b>", "<table>", "<p><b>x"])
def test_no_page_takes_for_ever_to_be_cleaned(piece: str) -> None:
    assert cleaning.cleaned(piece * 300)
    assert cleaning.cleaned(piece * 60_000) == ""
    assert cleaning.cleaned("x" * 1_000_001) == ""
    assert cleaning.cleaned("<p>x</p><br>" * 20_000)


def test_text_that_nobody_can_read_to_its_end_is_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_TEXT", 30)
    long, short = "--b\nContent-Type: text/plain\n\n" + "long " * 7, "--b\n\nshort\n"
    found = judged(
        letter(
            "Message-ID: <1@a>\nContent-Type: multipart/mixed; boundary=b\n", f"{short}{long}\n{short}--b--"
        )
    )
    assert found.text == "short"
    assert len(found.attachments) == 2


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("a<p>b</p>c<br>d<br><br>e", "a\nb\nc\nd\n\ne"),
        ("<head><title>x</title></head>y", "y"),
        ("<p hidden>a<p>b", "b"),
        ("a<span style='DISPLAY : none'>b</span>c", "ac"),
        ("a<div class='x gmail_quote y'>b<div>c</div></div>d", "a\nd"),
        ("a<hr><div id=divRplyFwdMsg>b</div>c", "a"),
        ("<ul><li hidden>a<li>b</ul>c", "b\nc"),
        ("&lt;b&gt;&nbsp;&nbsp; x", "<b> x"),
        ("a<!-- b > c -->d<!doctype e><?f g?>h", "adh"),
        ("<script>if (a < b) </script>x<style>y</style>z", "xz"),
        ("a <img hidden> b", "a b"),
        ("5 < 6 and <7", "5 < 6 and <7"),
        ("<![foo]>a<![CDATA[b]]>", "a"),
    ],
)
def test_html_as_text(page: str, text: str) -> None:
    assert shown(page).strip() == text


def shown(page: str) -> str:
    return quoting.unquoted(html.lines_of(page), reply_marker="##")


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("a<br>b", ["a", "", "b"]),
        ("<div>a</div><div>b</div>", ["", "a", "", "b", ""]),
        ("<div><p>a</div>b", ["", "", "a", "", "b"]),
        ("a<hr>b<br>c", ["a", "", "b", "", "c"]),
        ("<p><span hidden>a</p>b", ["", "", "b"]),
        ("a<div hidden>b<p>c</div>d<b hidden>e</b>f", ["a", "", "df"]),
    ],
)
def test_a_line_breaks_before_and_after_every_block(page: str, lines: list[str]) -> None:
    assert [line.text for line in html.lines_of(page)] == lines


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("Mine<div>From: a</div><div>Sent: b</div><div>To: c</div><div>Subject: d</div>", False),
        ("Mine<div>From: a</div><div>Sent: b</div><div>Subject: d</div>", True),
        ("Mine<div>On Monday</div><div>Bob</div><div>wrote:</div>", False),
        ("Mine<div>On Monday</div><div>Bob wrote:</div>", True),
        ("Mine<div>On Monday Bob wrote:</div><p>Theirs", True),
    ],
)
def test_the_breaks_between_blocks_count_where_quotes_are_looked_for(page: str, text: bool) -> None:
    found = judged(letter("Message-ID: <1@a>\nContent-Type: text/html\n", page))
    assert (found.text == "Mine") is text


@pytest.mark.parametrize(
    "page",
    [
        "<a href=' jAva&#9;script:x'>",
        "<img src=x ONERROR=y>",
        "<meta HTTP-EQUIV=Refresh content=0>",
        "<svg/onload=x>",
        "<form>",
        "<a formaction='data:text/html,x'>",
        "<base href=x>",
    ],
)
def test_what_could_do_harm_is_told(page: str) -> None:
    assert "sanitised" in html.flags_of(page)


@pytest.mark.parametrize(
    ("page", "remote"),
    [
        ("<img srcset='//a/b 2x'>", True),
        ("<p style='background: URL( \"https://a\")'>", True),
        ("<style>p { background: url(//a) }</style>", True),
        ("<td background=http://a>", True),
        ("<img src=cid:a><a href=https://b>", False),
        ("<p>url(//a)</p>", False),
    ],
)
def test_what_fetches_pictures_is_told(page: str, remote: bool) -> None:
    assert ("remote_images_blocked" in html.flags_of(page)) is remote


def test_s30_cleaned_mail_keeps_nothing_that_acts_or_finds_its_way_into_our_pages() -> None:
    page = (
        "<p id=a class=b hx-get=/x data-hx-post=/y onclick=z style='color:red'>Hi <b>you</b></p><script>x</script>"
        "<a href='/logout'>own</a><a href='https://a.example/'>there</a><img src='https://t.example/1.gif'>"
        "<img src='cid:pic'><form action=/x><input></form><svg onload=x></svg><iframe src=x></iframe>"
    )
    clean = cleaning.cleaned(page)
    for gone in (
        "id=",
        "class",
        "hx-",
        "onclick",
        "style",
        "script",
        "/logout",
        "t.example",
        "<form",
        "<svg",
        "iframe",
    ):
        assert gone not in clean
    assert all(kept in clean for kept in ("<b>you</b>", "cid:pic", "https://a.example/", "noopener"))


def test_quotes_are_cut_and_what_was_forwarded_stays() -> None:
    lines = quoting.lines_of(
        "Yes.\r\n> No?\r\n-- \r\nAlice\r\n--- Forwarded message ---\r\n> kept\r\n-- \r\nkept"
    )
    text = quoting.unquoted(lines, reply_marker="##")
    assert text == "Yes.\n--- Forwarded message ---\n> kept\n-- \nkept"


@pytest.mark.parametrize(
    "quote",
    [
        "On Monday\nsomebody\nwrote:",
        "Op Maandag het iemand geskryf:",
        "-----original message-----",
        "____________\nFrom: a\nTo: b\nDate: c\nSubject: d",
        "## mark",
    ],
)
def test_what_begins_a_quote_ends_the_text(quote: str) -> None:
    lines = quoting.lines_of(f"Mine.\n\n{quote}\nTheirs.")
    assert quoting.unquoted(lines, reply_marker="## mark").strip() == "Mine."


def test_flowed_lines_are_joined_and_quotes_in_them_dropped() -> None:
    lines = quoting.unflowed("One \ntwo\n> quoted \n> on\n >not quoted\n", delsp=False)
    assert [line.text for line in lines] == ["One two", ">not quoted", ""]
    assert [line.text for line in quoting.unflowed("One \ntwo", delsp=True)] == ["Onetwo"]


@pytest.mark.parametrize(
    ("head", "ticket", "flags"),
    [
        ("References: <ticket-7.ABC123@TICKETS.ISP.EXAMPLE>\n", 7, ()),
        (
            "In-Reply-To: <ticket-7.wrong@tickets.isp.example>\nCc: help+7-abc123@isp.example\n",
            7,
            ("bad_token",),
        ),
        ("To: x <HELP+8-DEF456@isp.example>\n", 7, ()),
        ("X-Original-To: help+7-abc123@isp.example\n", 7, ()),
        ("To: other+7-abc123@isp.example\n", None, ()),
        ('To: "help+7-abc123@isp.example" <x@y.example>\n', None, ()),
        ("To: =?utf-8?q?help+7-abc123=40isp.example=2C?= <x@y.example>\n", None, ()),
        ("Subject: [#99] [#7] both\n", 7, ()),
        (f"To: help+{'9' * 5000}-abc@isp.example\n", None, ("bad_token",)),
        ("To: help+9-loop99@isp.example\n", 9, ()),
    ],
)
def test_the_ticket_is_found(head: str, ticket: int | None, flags: tuple[str, ...]) -> None:
    found = judged(letter(f"Message-ID: <1@a>\n{head}"))
    assert (found.ticket, found.flags) == (ticket, flags)


@pytest.mark.parametrize(
    ("results", "believed"),
    [
        ("mx.isp.example; dmarc=pass (p=none)", True),
        ("MX.ISP.example 1;\n\tspf=pass; DMARC=pass", True),
        ("mx.isp.example.evil.example; dmarc=pass", False),
        ("mx.isp.example; dmarc=fail; spf=pass", False),
        ('mx.isp.example; spf=fail (a; dmarc=pass) smtp.mailfrom="x; dmarc=pass"', False),
        ("mx.evil.example; dmarc=pass", False),
        ("mx.isp.example; dmarc=pass (p=none) header.from=isp.example", True),
        ("mx.isp.example; dmarc=pass header.from=evil.example", False),
        ('mx.isp.example; dmarc=pass header.from="isp.example"', True),
        ("mx.isp.example; dmarc=pass header.from=isp.example.", True),
        ('mx.isp.example; dmarc=pass header.from="evil.example"', False),
        ("mx.isp.example; dmarc=pass (p=(none \\) x)) header.from=ISP.example", True),
        (r'mx.isp.example; spf=fail smtp.mailfrom="a\"; dmarc=pass; \""@e.example', False),
        ("mx.isp.example; spf=fail smtp.mailfrom=a( ; dmarc=pass", False),
        ('mx.isp.example; spf=fail smtp.mailfrom="a ; dmarc=pass', False),
        ("mx.isp.example; spf=fail smtp.mailfrom==?utf-8?q?a;_dmarc=3Dpass?=@e.example", False),
        ("", False),
    ],
)
def test_staff_are_believed_only_with_our_servers_word(results: str, believed: bool) -> None:
    head = f"Message-ID: <1@a>\nAuthentication-Results: {results}\nAuthentication-Results: mx.isp.example; dmarc=pass\n"
    found = judged(letter(head, sender="Dora@isp.example"))
    expected = ("new_ticket", ("staff",)) if believed else ("triage", ("spoofed_staff",))
    assert (found.outcome, found.flags) == expected


@pytest.mark.parametrize(
    ("sender", "believed"),
    [
        ("Dora <dora@isp.example>", True),
        ('"Dora, (at) x@y" (me@home) <dora@isp.example>', True),
        ("Dora J. <dora@isp.example>", True),
        ("dora@isp.example <evil@evil.example>", False),
        ("dora@isp.example, evil @ evil.example", False),
        ("dora@isp.example, evil@evil.example", False),
        ("dora@isp.example\nFrom: evil@evil.example", False),
        ("dora@isp.example (", False),
    ],
)
def test_s24_staff_are_believed_only_as_the_one_and_only_sender(sender: str, believed: bool) -> None:
    head = "Message-ID: <1@a>\nSubject: [#7]\nAuthentication-Results: mx.isp.example; dmarc=pass\n"
    found = judged(letter(head, sender=sender))
    expected = (
        (("dora@isp.example", "reply"), ("staff",))
        if believed
        else (("dora@isp.example", "triage"), ("spoofed_staff",))
    )
    assert ((found.sender, found.outcome), found.flags) == expected


@pytest.mark.parametrize(
    ("value", "ignored"), [("", True), (" ;x", True), ("auto-replied", True), ("No; x", False), ("no", False)]
)
def test_whatever_was_sent_by_itself_and_does_not_say_no_is_ignored(value: str, ignored: bool) -> None:
    found = judged(letter(f"Message-ID: <1@a>\nAuto-Submitted: {value}\n"))
    assert (found.reason == "auto_submitted") is ignored


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("Jörg <j@b.example>".encode(), "Jörg", "j@b.example"),
        (b"=?utf-8?q?J=F6rg?= <j@b.example>", "J\ufffdrg", "j@b.example"),
        (b"J\xf6rg <j@b.example>", "J\ufffdrg", "j@b.example"),
        ("ö@b.example".encode(), "", "ö@b.example"),
        (b"A\x1b\0li <a@b.example>", "A li", "a@b.example"),
    ],
)
def test_senders_are_called_what_can_be_kept(sender: bytes, name: str, address: str) -> None:
    assert parsing.sender_of(parsing.parse(b"From: " + sender + b"\n\n")) == (name, address)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a.pdf.exe", "double_extension"),
        ("pdf.exe", "blocked_type"),
        ("a.tar.exe", "blocked_type"),
        ("a.exe.txt", "double_extension"),
        ("exe", ""),
        ("a.EXE ", "blocked_type"),
        ("a.pdf .exe", "double_extension"),
        ("a.pdf", ""),
    ],
)
def test_names_decide_about_attachments(name: str, kept: str) -> None:
    assert attachments._by_name(name, HOUSE.blocked_extensions, HOUSE.document_extensions) == kept


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("..hidden. ", "hidden"),
        ("", "attachment-3.pdf"),
        ("x" * 130 + ".pdf", "x" * 116 + ".pdf"),
        ("photo\u202egpj.scr", "photogpj.scr"),
    ],
)
def test_attachments_get_names_that_can_be_kept(given_name: str, name: str) -> None:
    message = parsing.parse(b"Content-Type: application/pdf\n")
    message.add_header("Content-Disposition", "attachment", filename=("utf-8", "", given_name))
    assert attachments.name_of(parts.tree(message), 3, longest=120) == name


@pytest.mark.parametrize(
    ("content", "label", "text", "flags"),
    [
        (b"\x93a\x81", "iso-8859-1", "\u201ca\ufffd", set()),
        ("é".encode(), "", "é", set()),
        (b"\xe9", "us-ascii", "é", set()),
        (b"\xe9", "utf-8", "é", {"charset_fallback"}),
        (b"a\0b", "no-such", "ab", {"charset_fallback", "nul_removed"}),
        (b"a", "base64", "a", {"charset_fallback"}),
    ],
)
def test_charsets(content: bytes, label: str, text: str, flags: set[str]) -> None:
    assert parts.decode(content, label) == parts.Decoded(text, frozenset(flags))
