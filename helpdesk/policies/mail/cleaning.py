"""The HTML of a mail, with nothing left in it that acts, fetches or finds its way into our pages."""

from __future__ import annotations

import nh3

from .tags import VOID, End, Start, tokens

LONGEST, DEEPEST = 1_000_000, 1_000  # characters; elements that are open at once
_TAGS = set(
    "a abbr b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre q s small span "
    "strong sub sup table tbody td tfoot th thead tr u ul".split()
)
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_GONE = set("script style head title template noscript iframe object svg math".split())
_CID = "cid:"


def cleaned(html: str) -> str:
    """What may be kept: plain formatting, links to elsewhere, and the pictures that came with the mail.

    Nothing of a page made to keep us busy: reading one takes time by its depth squared.
    """
    if len(html) > LONGEST or _is_too_deep(html):
        return ""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags=_GONE,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
    )


def _is_too_deep(html: str) -> bool:
    depth = 0
    for token in tokens(html):
        if isinstance(token, Start):
            depth += token.name not in VOID
        elif isinstance(token, End):
            depth -= depth > 0
        if depth > DEEPEST:
            return True
    return False


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Pictures from elsewhere tell their server who reads; a link into ourselves would act for the reader."""
    shown = value.strip().lower()
    if attribute == "src":
        return value.strip() if shown.startswith(_CID) else None
    if attribute == "href":
        return value if shown.startswith(("http://", "https://", "mailto:", "tel:")) else None
    return value
