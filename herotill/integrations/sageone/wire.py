"""One call to SageOne: within the limits, and every shape of its answers read.

The key stands in the query, which is never logged and in no error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from herotill.integrations.books import Connection
from herotill.integrations.books.errors import Denied, NotThere, Refused, Stopped
from herotill.integrations.http import Answer, Caller, NotSent, Uncertain
from herotill.integrations.sageone.limits import Limits
from herotill.integrations.sageone.numbers import dumps, loads

WHO = "SageOne"
TRIES = 3
LONGEST = 300
SAID = {
    402: "SageOne says that the subscription of this company has expired.",
    404: "SageOne does not have that, or not in this company.",
    405: "SageOne does not allow this user to do that.",
    409: "SageOne keeps what is in use.",
}
UNREADABLE = f"{WHO} gave an answer that cannot be read."


class Wire:
    """Speaks with one company's books. `seconds` is how long an answer may take where that is not the usual."""

    def __init__(
        self, connection: Connection, base: str, limits: Limits, *, seconds: float | None = None
    ) -> None:
        known = connection.credentials
        self.limits, self.connection = limits, connection
        self.caller = Caller(
            WHO, f"{base}/api/{connection.version}", auth=(known.user, known.password), seconds=seconds
        )

    def ask(self, what: str, query: Mapping[str, str] | None = None, *, company: bool = True) -> Any:
        """Read by GET; tried again where there was no answer or a fault there, each try within the limits."""
        params = self._query(query or {}, company=company)
        return self._asked(lambda: self.caller.get(f"/{what}", tries=1, params=params))

    def ask_by_post(self, what: str, body: Mapping[str, Any], query: Mapping[str, str]) -> Any:
        """Read by POST, as reports are."""
        return self._asked(lambda: self._posted(what, body, query))

    def tell(self, what: str, body: Mapping[str, Any]) -> tuple[Any, str]:
        """Save, once. What stands there now, and the support id. Raises Uncertain where nobody knows."""
        self.limits.wait()
        answer = self._posted(what, body, {})
        if answer.status >= 500:
            raise Uncertain(f"{WHO} has a fault ({answer.status}); perhaps it was saved.")
        return self._read(answer), answer.header("LOGUID")[:60]

    def _asked(self, call: Callable[[], Answer]) -> Any:
        for attempt in range(1, TRIES + 1):
            self.limits.wait()
            try:
                answer = call()
                if answer.status < 500:
                    return self._read(answer)
                trouble: NotSent | Uncertain = NotSent(f"{WHO} has a fault ({answer.status}).")
            except (Refused, Denied, Stopped):
                raise
            except (NotSent, Uncertain) as found:
                trouble = found
            if attempt == TRIES or not trouble.retry:
                raise trouble from None
        raise AssertionError("unreachable")

    def _posted(self, what: str, body: Mapping[str, Any], query: Mapping[str, str]) -> Answer:
        headers = {"Content-Type": "application/json"}
        data = dumps(body).encode()
        return self.caller.post(f"/{what}", params=self._query(query), data=data, headers=headers)

    def _query(self, query: Mapping[str, str], *, company: bool = True) -> dict[str, str]:
        ours = {"apikey": f"{{{self.connection.credentials.api_key.strip('{}')}}}"}
        return ours | ({"companyid": self.connection.company_id} if company else {}) | dict(query)

    def _read(self, answer: Answer) -> Any:
        if answer.ok:
            return _value(answer)
        self._heed(answer)
        words = [self._masked(one) for one in said(answer)]
        support = answer.header("LOGUID")[:60]
        kind = NotThere if answer.status == 404 else Refused
        known = SAID.get(answer.status)
        raise kind(known or _sentence(answer.status, words), words, support)

    def _heed(self, answer: Answer) -> None:
        """Where an answer says that we are not to call: nobody of us does."""
        if answer.status == 401:
            self.limits.deny()
            key = answer.header("X-APIKey").lower() == "invalid"
            raise Denied(f"{WHO} does not accept our {'key' if key else 'user and password'}.")
        if answer.status == 429:
            until = self.limits.stop(max(timedelta(minutes=60), _later(answer)))
            raise Stopped(f"{WHO} asked us to be silent for an hour.", until)
        if answer.status == 402:
            self.limits.stop()
            raise Denied(SAID[402])

    def _masked(self, text: str) -> str:
        known = self.connection.credentials
        for secret in (known.api_key.strip("{}"), known.password):
            text = text.replace(secret, "…") if secret else text
        return text


def said(answer: Answer) -> list[str]:
    """What an answer that is no yes says in words, whatever its shape; nothing of a page of HTML."""
    text = answer.content.decode("utf-8", "replace").strip()
    if not text or "<" in text[:200] or "html" in answer.header("Content-Type").lower():
        return []
    try:
        value = loads(text)
    except ValueError:
        value = text
    return [one for one in map(_plain, _words(value)) if one]


def _words(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        state = value.get("ModelState")
        fields = state.items() if isinstance(state, Mapping) else ()
        details = [f"{name}: {one}" for name, some in fields for one in _words(some)]
        return [
            str(one) for one in (value.get("Message"), value.get("MessageDetail")) if one is not None
        ] + details
    if isinstance(value, list):
        return [word for one in value for word in _words(one)]
    return [str(value)] if value is not None else []


def _plain(text: str) -> str:
    """One line without control characters, not longer than a person reads."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e]+", " ", text).strip()[:LONGEST]


def _sentence(status: int, words: list[str]) -> str:
    return (
        f"{WHO} refused it: {'; '.join(words)}" if words else f"{WHO} refused it without a word ({status})."
    )


def _value(answer: Answer) -> Any:
    """The body of a yes. Raises Uncertain where it is none: what was done, nobody knows."""
    if not answer.content:
        return None
    try:
        return loads(answer.content)
    except ValueError:
        raise Uncertain(UNREADABLE) from None


def _later(answer: Answer) -> timedelta:
    seconds = answer.header("Retry-After")
    return timedelta(seconds=min(int(seconds), 86_400)) if seconds.isdigit() else timedelta(0)
