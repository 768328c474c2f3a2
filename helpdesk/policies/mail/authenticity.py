"""Whether our own mail server says that a message is from whom it says it is."""

from __future__ import annotations

import re
from email.message import EmailMessage

from . import parsing

_HEADER_FROM = re.compile(r"header\.from\s*=\s*(\S*)")
_HARMLESS = re.compile(r"[\w.-]")  # of what is in quotes; it can begin no other result


def is_authenticated(message: EmailMessage, *, sender: str, authserv_id: str) -> bool:
    """Whether our server found that the sender's domain stands for this message.

    What senders choose themselves can stand in its words, so these are taken as they are, undecoded. A message with
    more than one From, or more than one address in it, is from nobody in particular.
    """
    text = next(iter(parsing.as_they_are(message, "Authentication-Results")), "")
    said = bare(text.lower())
    if not authserv_id or said is None or not _is_from_one(message):
        return False
    server, *results = said.split(";")
    domain = sender.rpartition("@")[2]
    ours = server.split()[:1] == [authserv_id.lower()]
    return ours and any(_stands_for(domain, result.strip()) for result in results)


def _stands_for(domain: str, result: str) -> bool:
    named = _HEADER_FROM.findall(result)
    return result.startswith("dmarc=pass") and all(_domain(each) == domain for each in named)


def _domain(named: str) -> str:
    return named.strip('"').rpartition("@")[2].rstrip(".")


def _is_from_one(message: EmailMessage) -> bool:
    texts = parsing.as_they_are(message, "From")
    return len(texts) == 1 and (bare(texts[0]) or "").count("@") == 1


def bare(text: str) -> str | None:
    """A header's text without comments and what is not harmless in quotes; None where one of them does not end."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for letter in text:
        if escaped:
            escaped = False
        elif (quoted or depth) and letter == "\\":
            escaped = True
        elif letter == '"' and not depth:
            quoted = not quoted
            kept.append(letter)
        elif quoted:
            kept.append(letter if _HARMLESS.match(letter) else "")
        elif letter == "(":
            depth += 1
            kept.append(" ")
        elif letter == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(letter)
    return None if quoted or depth else "".join(kept)
