"""What customers read can be translated: no word stands in a template of theirs without saying so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
DOOR = ("log_in", "code", "forgot", "asked", "link", "_link_form", "link_over", "portal_home")
THEIRS = sorted(
    [
        *TEMPLATES.glob("portal/**/*.html"),
        TEMPLATES / "portal.html",
        *(TEMPLATES / f"users/{name}.html" for name in DOOR),
    ]
)
MARKED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
TAGS = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|&[a-z]+;", re.DOTALL)
SPOKEN = re.compile(r"""\b(?:aria-label|placeholder|title|alt)=(["'])(.*?)\1""", re.DOTALL)
MARKUP = re.compile(r"<[^>]*>", re.DOTALL)
WORD = re.compile(r"[A-Za-z]{2,}")


def unmarked(template: str) -> list[str]:
    """The words of a template that no translator would be given."""
    plain = TAGS.sub(" ", MARKED.sub(" ", template))
    spoken = [found.group(2) for found in SPOKEN.finditer(plain)]
    text = MARKUP.sub(" ", plain)
    return [word for part in (text, *spoken) for word in WORD.findall(part)]


@pytest.mark.parametrize("path", THEIRS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_word_can_be_translated(path: Path) -> None:
    assert [word for word in unmarked(path.read_text()) if word not in ("GB", "MB", "kB", "PDF", "CSV")] == []


def test_the_search_finds_what_is_not_marked() -> None:
    assert unmarked('<p title="Said">{% translate "Well" %} badly {{ name }}</p>') == ["badly", "Said"]
    assert unmarked("{% blocktranslate %}All <b>well</b>{% endblocktranslate %}") == []
