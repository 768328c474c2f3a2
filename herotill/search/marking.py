"""Showing in an answer what of it was typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from herotill.folding import fold


def marked(text: str, words: Sequence[str]) -> SafeString:
    """`text` as HTML in which the beginnings that the folded `words` found stand in <mark>."""
    return format_html_join(" ", "{}", ((_marked(part, words),) for part in text.split(" ")))


def _marked(part: str, words: Sequence[str]) -> SafeString | str:
    start = len(part) - len(part.lstrip("(\"'"))
    folded = fold(part[start:])
    longest = max(_begun(folded, words), default=0)
    # A letter that folds into two (ß, æ) shifts what follows; then nothing is marked.
    if not longest or len(folded) != len(part) - start:
        return part
    end = start + longest
    return format_html("{}<mark>{}</mark>{}", part[:start], part[start:end], part[end:])


def _begun(folded: str, words: Sequence[str]) -> Iterator[int]:
    return (len(word) for word in words if folded.startswith(word))
