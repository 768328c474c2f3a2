"""What the texts of the repository name is there: files, links, pictures, commands, addresses, settings."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from django.core.management import get_commands, load_command_class
from django.urls import resolve
from PIL import Image

from herotill.menu import menu
from herotill.reports import reports

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PICTURES = ROOT / "docs" / "guide" / "pictures"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
TOPS = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in (".git", ".venv", ".run")}
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def quoted(page: Path) -> set[str]:
    """What stands in backticks."""
    return set(re.findall(r"`([^`\n]+)`", prose(page)))


def commands(page: Path) -> set[str]:
    """Lines of code to type: those in backticks, and those of blocks without a language."""
    blocks = re.findall(r"^```\n(.*?)^```$", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return quoted(page) | {
        line.partition("    #")[0].strip() for block in blocks for line in block.splitlines()
    }


def anchors(page: Path) -> set[str]:
    """The names by which headings are linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_page
def test_every_link_leads_somewhere(page):
    wrong = []
    for link in LINK.findall(prose(page)):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    assert wrong == []


def test_every_picture_is_shown_and_small():
    shown = {
        Path(link).name for page in PAGES for link in LINK.findall(page.read_text()) if link.endswith(".png")
    }
    taken = {path.name for path in PICTURES.glob("*.png")}
    large = [path.name for path in PICTURES.glob("*.png") if path.stat().st_size > 150_000]
    wide = [path.name for path in PICTURES.glob("*.png") if max(size(path)) > 1280]

    assert (taken ^ shown, large, wide) == (set(), [], [])


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


@every_page
def test_every_file_named_is_there(page):
    named = {word.rstrip("/") for word in quoted(page) if re.fullmatch(r"[\w.@-]+(/[\w.@-]+)+/?", word)}
    named |= {word for word in quoted(page) if re.fullmatch(r"[\w-]+\.(md|py|toml|yml|conf)", word)}
    ours = {word for word in named if word.split("/")[0] in TOPS or "/" not in word}
    beside = {
        "gunicorn.conf.py",
        "herotill.conf",
        "package.py",
        "pg_hba.conf",
        "postgresql.conf",
        "settings.py",
        "wiring.py",
    }

    missing = [
        word for word in ours - beside if not (ROOT / word).exists() and not (page.parent / word).exists()
    ]
    assert missing == []


def tree() -> list[str]:
    """The files and folders that the map in README shows."""
    blocks = re.findall(r"^```\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    found: list[str] = []
    folder = ""
    for line in next(block for block in blocks if block.startswith("herotill/")).splitlines():
        names = [
            word for word in re.split(r"  +", line.strip()) if re.fullmatch(r"\.?[\w/]+(/|\.\w+|/\w+)", word)
        ]
        folder = folder if line.startswith(" ") else names[0]
        found += [f"{folder}{name}" for name in names] if line.startswith(" ") else names
    return found


def test_the_map_shows_what_is_there():
    missing = [name for name in tree() if not (ROOT / name).exists()]
    modules = {f"herotill/{path.name}{'/' * path.is_dir()}" for path in (ROOT / "herotill").iterdir()}

    assert len(tree()) > 50
    assert missing == []
    assert len(modules & set(tree())) > 25


@every_page
def test_every_word_for_make_is_known(page):
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    asked = {line for line in commands(page) if re.match(r"(\w+=\S+ )*make ", line)}
    words = {word for line in asked for word in re.findall(r"make ([a-z]+)", line)}
    given = {name for line in asked for name in re.findall(r"([A-Z]+)=", line)}

    assert words - known == set()
    assert {name for name in given if f"$({name})" not in (ROOT / "Makefile").read_text()} == set()


@every_page
def test_every_command_and_its_options_are_known(page):
    for line in commands(page):
        found = re.search(r"(?:manage\.py|^manage) ([a-z_]+)(.*)", line)
        if not found:
            continue
        name, rest = found.groups()
        assert name in get_commands(), line
        app = get_commands()[name]
        parser = load_command_class(app, name).create_parser("manage.py", name)
        options = {option for action in parser._actions for option in action.option_strings}
        assert set(re.findall(r"(?<= )--[a-z-]+", rest)) - options == set(), line


@every_page
def test_every_address_named_is_answered(page):
    for word in quoted(page):
        if re.fullmatch(r"/(?:[a-z-]+/)*", word):
            assert resolve(word).route == word.removeprefix("/"), word


def below() -> dict[str, set[str]]:
    """The entries of the navigation by the one they stand under, as people read both."""
    found = {entry.label: {one.label for one in menu if one.parent == entry.name} for entry in menu}
    found["Reports"] |= {report.title for report in reports}
    return {label: entries for label, entries in found.items() if entries}


@every_page
def test_every_entry_of_the_navigation_that_is_named_is_there(page):
    told = [words.split(", ") for words in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", prose(page))]
    wrong = [
        words for words in told if words[0] in below() and words[1:] and words[1] not in below()[words[0]]
    ]

    assert wrong == []


def test_every_command_of_ours_is_told():
    ours = {path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py")}
    told = set(
        re.findall(
            r"^\| `manage\.py ([a-z_]+)", (ROOT / "docs" / "administrator.md").read_text(), re.MULTILINE
        )
    )

    assert ours - told == set()


# Partners whose addresses are defaults of settings, and so are told.
PARTNERS = {
    "accounting.sageone.co.za",
    "api.payfast.co.za",
    "paynow.netcash.co.za",
    "sandbox.payfast.co.za",
    "ws.netcash.co.za",
    "www.payfast.co.za",
    "www.vcs.co.za",
}


@every_page
def test_nothing_names_a_machine_or_a_host_that_is_none_of_ours(page):
    text = page.read_text()
    hosts = {
        urlsplit(address).hostname or ""
        for address in re.findall(r"\b(?:https?|postgres|redis)://[^\s`)\"']+", text)
    }
    ours = {"localhost", "127.0.0.1", "", *PARTNERS}
    foreign = [host for host in hosts if host not in ours and not host.endswith(".example")]

    assert foreign == []
    assert re.findall(r"(?<![\w.])/(?:work|root|home|tmp|Users)/\S*", text) == []
    assert re.findall(r"pypi|npmjs|deb\.debian|docker\.io", text) == []


def documented() -> dict[str, str]:
    """Settings by name, with the default that docs/settings.md tells."""
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (.*?) \|", (ROOT / "docs" / "settings.md").read_text(), flags=re.MULTILINE
    )
    assert len(rows) == len(dict(rows))
    return dict(rows)


def read_by(path: Path, *functions: str) -> dict[str, list[ast.expr]]:
    """The variables that a module asks for by these functions, with the defaults it gives."""
    found: dict[str, list[ast.expr]] = {}
    for call in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(call, ast.Call)
            and ast.unparse(call.func) in functions
            and isinstance(call.args[0], ast.Constant)
        ):
            default = [one.value for one in call.keywords if one.arg == "default"]
            found.setdefault(str(call.args[0].value), []).extend([*default, *call.args[1:]])
    return found


SETTINGS = ROOT / "herotill" / "settings.py"
ENV = ("env.str", "env.bool", "env.int", "env.float", "env.json", "env.list")


def asked() -> set[str]:
    """Every variable that somebody reads."""
    found = set(read_by(SETTINGS, *ENV, "_secret"))
    for path in [
        ROOT / "gunicorn.conf.py",
        *(ROOT / "herotill").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
    ]:
        found |= set(read_by(path, "os.environ.get"))
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    found |= set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", str(services)))
    return {name for name in found if name.isupper()}


def test_every_setting_that_is_read_is_told_and_no_other():
    assert asked() ^ set(documented()) == {"PATH"} & asked()


def test_defaults_are_those_that_are_told():
    wrong = {}
    for name, defaults in read_by(SETTINGS, *ENV).items():
        for default in defaults:
            if any(isinstance(part, ast.Name) for part in ast.walk(default)):
                continue
            value = eval(compile(ast.Expression(default), "default", "eval"))
            told = documented()[name]
            words = (
                ",".join(value)
                if isinstance(value, list)
                else str(int(value) if isinstance(value, bool) else value)
            )
            if words and f"`{words}`" not in told:
                wrong[name] = (words, told)
    assert wrong == {}
