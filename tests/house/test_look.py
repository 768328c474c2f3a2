"""The look: icons, and what no template may hold under the strict policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from heroicons import IconDoesNotExist

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_an_icon_is_drawn_in_line_and_hidden_from_screen_readers() -> None:
    drawn = render('{% icon "users" %}')

    assert drawn.startswith("<svg")
    assert 'aria-hidden="true"' in drawn
    assert 'class="icon"' in drawn
    assert "\n" not in drawn


def test_an_icon_of_the_navigation_is_larger() -> None:
    assert 'width="20"' in render('{% icon "users" 20 %}')
    assert 'width="16"' in render('{% icon "users" %}')


def test_an_icon_that_is_not_drawn_is_an_error_not_a_hole() -> None:
    with pytest.raises(IconDoesNotExist):
        render("{% icon name %}", name="unicorn")


def icons_named_in_templates() -> set[str]:
    return {name for path in TEMPLATES for name in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text())}


@pytest.mark.parametrize("name", sorted(icons_named_in_templates()))
def test_every_icon_that_a_template_names_exists(name: str) -> None:
    assert render("{% icon name %}", name=name).startswith("<svg")


FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle=",
    "a style element": r"<style\b",
    "a script in line": r"<script(?![^>]*\ssrc=)",
    "a handler attribute": r"<[a-z][^>]*\son[a-z]+=",
    "hx-on": r"\shx-on",
    "evaluated values": r"hx-va(ls|rs)=['\"]js:",
    "a foreign address": r"<(script|link|img)[^>]*(src|href)=['\"]https?:",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_holds_what_the_policy_refuses(what: str) -> None:
    pages = [path for path in TEMPLATES if "emails" not in path.parts]
    holding = [path.name for path in pages if re.search(FORBIDDEN[what], path.read_text(), re.IGNORECASE)]

    assert pages
    assert holding == []


# Sheets that a page at the desk does not load: a technician's phone has its own instead of screens.css, the
# portal one beside them, a mail as it was written nothing but its own and the colours.
ELSEWHERE = {"phone.css": 8_000, "portal.css": 5_000, "mail.css": 1_000}


def test_the_look_stays_small() -> None:
    sizes = {path.name: path.stat().st_size for path in STYLES}

    assert 0 < sum(size for name, size in sizes.items() if name not in ELSEWHERE) < 70_000
    assert [name for name, most in ELSEWHERE.items() if not 0 < sizes[name] < most] == []
    assert 0 < sum(path.stat().st_size for path in SCRIPTS) < 40_000


def test_what_is_for_elsewhere_stays_elsewhere() -> None:
    loading = {
        name: [
            str(path.relative_to(ROOT / "templates"))
            for path in TEMPLATES
            if f"css/{name}" in path.read_text()
        ]
        for name in ELSEWHERE
    }

    assert loading == {
        "phone.css": ["workflow/phone/base.html"],
        "portal.css": ["portal.html"],
        "mail.css": ["helpdesk/mail/as_written.html"],
    }


def test_every_style_lives_in_its_layer() -> None:
    layers = {path.name: re.findall(r"^@layer (\w+) {", path.read_text(), re.MULTILINE) for path in STYLES}

    assert STYLES[-1].read_text().startswith("@layer tokens, base, layout, components, screens;")
    assert {name for found in layers.values() for name in found} == {
        "tokens",
        "base",
        "layout",
        "components",
        "screens",
    }
    assert all(len(set(found)) == 1 for found in layers.values())


def test_colours_stand_in_one_place() -> None:
    loose = [path.name for path in STYLES if re.search(r"#[0-9a-f]{3,8}\b", path.read_text())]

    assert loose == ["tokens.css"]
