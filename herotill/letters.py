"""In which letters a request says it is written, looked at before anybody reads it."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

TYPE = "CONTENT_TYPE"
# Those in which any octets can be read. Of others that Python knows, some raise and some make half letters.
READ = frozenset(codecs.lookup(name).name for name in ("utf-8", "ascii", "latin-1", "cp1252"))
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class ReadableType:
    """A type of content that nobody can read is none, so that it breaks no page and opens none."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not is_readable(environ.get(TYPE, "")):
            environ = {**environ, TYPE: ""}
        return self.application(environ, start_response)


def is_readable(content_type: str) -> bool:
    """Whether Django can read such a header, and what is written in the letters it names."""
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
        return codecs.lookup(charset).name in READ
    except LookupError:
        return True  # letters that nobody knows are passed over
    except ValueError:
        return False
