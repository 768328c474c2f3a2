"""Showing in an answer what of it was typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.html import format_html_join

from herotill.folding import fold

_OPENING = "(\"'"


def marked(text: str, words: Sequence[str]) -> str:
    """`text` in whose words the beginnings that the folded `words` found stand in <mark>.

    What is marked is HTML; what is not comes back as it is, for the template to escape.
    """
    ends = list(_marks(text, words))
    if not ends:
        return text
    pieces = []
    done = 0
    for start, end in ends:
        pieces.append((text[done:start], text[start:end]))
        done = end
    return format_html_join("", "{}<mark>{}</mark>", pieces) + format_html_join("", "{}", [(text[done:],)])


def _marks(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each mark begins and ends."""
    start = 0
    for part in text.split(" "):
        opened = len(part) - len(part.lstrip(_OPENING))
        folded = fold(part[opened:])
        longest = max((len(word) for word in words if folded.startswith(word)), default=0)
        # A letter that folds into two (ß, æ) shifts what follows; then nothing is marked.
        if longest and len(folded) == len(part) - opened:
            yield start + opened, start + opened + longest
        start += len(part) + 1
