"""Putting values into a text, for where it goes: a mail's plain text, its HTML, its head, an SMS.

A text knows `{field}` and nothing else. Values are put in once and never read again, so that a value that
looks like a field stays what it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from html import escape

LINK = "[link]"
LONGEST_SUBJECT = 300
_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BRACE = re.compile(r"[{}]")
_DIGITS = re.compile(r"(?<![\d+])\+?\d(?:[ \-]?\d){6,}(?!\d)")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_BANKING = re.compile(
    r"\b(?:acc(?:ount)?|a/c|rek(?:ening)?|branch|tak|iban|swift|bic)\W{0,3}(?:no|nr|number|code|nommer|kode)?\W{0,5}\d",
    re.IGNORECASE,
)
_PHONE = re.compile(r"0\d{9}|\+?27\d{9}")


def fields_of(text: str) -> set[str]:
    """The fields a text uses."""
    return set(_FIELD.findall(text))


def trouble_with(text: str, known: Collection[str]) -> str:
    """Why a text cannot be a template, as a sentence; or nothing."""
    if unknown := sorted(fields_of(text) - set(known)):
        return f"There is no field {{{unknown[0]}}} here."
    if _BRACE.search(_FIELD.sub("", text)):
        return "Braces stand around the name of a field only, as in {name}."
    if any(unicodedata.category(one) == "Cc" and one not in "\r\n" for one in text):
        return "It holds a character that cannot be seen or printed, such as a tab."
    if looks_like_bank_details(_FIELD.sub("", text)):
        return "It looks as if it held an account number. Bank details come from {bank_details}, never from the text."
    return ""


def looks_like_bank_details(text: str) -> bool:
    """Whether a text holds what could be an account number; telephone numbers are told apart by their zero."""
    if _BANKING.search(text):
        return True
    found = (re.sub(r"[^\d+]", "", match) for match in _DIGITS.findall(_DAY.sub("", text)))
    return any(not _PHONE.fullmatch(one) for one in found)


def one_line(value: str) -> str:
    """A value without line breaks, tabs and other controls, so that it cannot begin a line or a head of its own."""
    return " ".join(_printable(value).split())


def _printable(value: str) -> str:
    return "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in value)


def _lines(value: str) -> str:
    return "\n".join(one_line(line) for line in value.splitlines())


def plain(text: str, values: Mapping[str, str], several: Collection[str] = ()) -> str:
    """The plain text. Values are one line each, but for the fields in `several`."""
    text = text.replace("\r\n", "\n")
    return _FIELD.sub(lambda field: _value(field[1], values, several), text)


def _value(name: str, values: Mapping[str, str], several: Collection[str]) -> str:
    value = values.get(name, "")
    return _lines(value) if name in several else one_line(value)


def head(text: str, values: Mapping[str, str]) -> str:
    """A subject: one line, of a length that programs take."""
    return one_line(plain(text, values))[:LONGEST_SUBJECT]


def html(
    text: str, values: Mapping[str, str], links: Collection[str] = (), several: Collection[str] = ()
) -> str:
    """The text as HTML: everything escaped, paragraphs at empty lines, and links where a field is one."""
    made, last = [], 0
    text = text.replace("\r\n", "\n")
    for field in _FIELD.finditer(text):
        value = _value(field[1], values, several)
        made += [escape(text[last : field.start()]), _link(value) if field[1] in links else escape(value)]
        last = field.end()
    made.append(escape(text[last:]))
    paragraphs = re.split(r"\n{2,}", "".join(made).strip())
    return "\n".join("<p>{}</p>".format(one.replace("\n", "<br>\n")) for one in paragraphs)


def _link(address: str) -> str:
    if not address.startswith(("https://", "http://")):
        return escape(address)
    return f'<a href="{escape(address)}">{escape(address)}</a>'


def document(subject: str, paragraphs: str) -> str:
    """A whole mail in HTML around paragraphs that `html` made."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(subject)}</title></head>\n'
        '<body style="font: 15px/1.5 sans-serif; color: #1c2530; max-width: 40em; margin: 1.5em auto; padding: 0 1em">\n'
        f"{paragraphs}\n</body></html>\n"
    )
