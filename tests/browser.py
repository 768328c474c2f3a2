"""A real Chromium before the real server: one browser a process, for whichever folder's tests ask first.

The fixtures are of the whole suite (tests/conftest.py names this module), never imported into a conftest: a second
`browser` would start Playwright again while the loop of the first still runs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from herotill.users.models import User
from tests.strict import needs

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 20_000  # milliseconds; a machine that does much else is slow, not wrong
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    needs(CHROMIUM, "Chromium is not installed: apt-get install chromium libatomic1")
    # Playwright keeps an event loop in this thread; Django's guard against async use would mistake it for ours.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Opens pages of a fresh browser profile; a script error or a refused policy fails the test."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def opened(*, size: dict[str, int] = DESK, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport=size, color_scheme="dark" if dark else "light"
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        _press_when_loaded(page)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on(
            "console", lambda line: trouble.append(line.text) if "Content Security" in line.text else None
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []


def _press_when_loaded(page: Page) -> None:
    """A key is for the page whose heading is seen; before its script has come nothing listens to keys."""
    press = page.keyboard.press

    def press_when_loaded(key: str, **options: float) -> None:
        page.wait_for_load_state()
        press(key, **options)

    page.keyboard.press = press_when_loaded  # type: ignore[method-assign, assignment]


@pytest.fixture
def log_in(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Logs a person in through the staff door and gives the page on which they land."""

    def logged_in(person: User, password: str = "rabbit-hole-4471", **options: object) -> Page:
        person.set_password(password)
        person.save(update_fields=["password"])
        page = open_page(**options)
        page.goto("/login/")
        page.locator("[name=username]").fill(person.username)
        page.locator("[name=password]").fill(password)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/")
        return page

    return logged_in


def findings(page: Page) -> list[str]:
    """What axe finds wrong on the page, a line each; nothing, if all is well."""
    result = Axe().run(page).response
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in result["violations"]
        for node in one["nodes"]
    ]
