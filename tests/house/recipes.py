"""Carries out what CONTRIBUTING.md tells on a copy of the tree."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

BLOCK = re.compile(
    r"^```(?:python|html)\n(?:# |\{# )(at the end of )?(\S+)(?: #\})?\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
COPIED = (
    *(
        "billing",
        "customers",
        "dataaccounts",
        "helpdesk",
        "herotill",
        "static",
        "templates",
        "tests",
        "workflow",
    ),
    *("manage.py", "pyproject.toml"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of code, and the file it belongs to; `adds` says that the file is there already."""

    path: str
    code: str
    adds: bool


def blocks(text: str) -> list[Block]:
    return [Block(path, code.strip("\n") + "\n", bool(adds)) for adds, path, code in BLOCK.findall(text)]


class Tree:
    """A copy of the tree in which recipes are carried out."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name in COPIED:
            subprocess.run(["cp", "--recursive", source / name, folder / name], check=True)

    def follow(self, recipes: list[Block]) -> None:
        """Write every block where it belongs; migrations are made when all models stand."""
        for block in recipes:
            if "…" not in block.path:
                self.put(block)
        self.manage("makemigrations", "customers", "--name", "visits")
        for block in recipes:
            if "…" in block.path:
                self.fill(block)

    def put(self, block: Block) -> None:
        path = self.folder / block.path
        if block.adds:
            path.write_text(added(path.read_text(), block.code))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.code)

    def fill(self, block: Block) -> None:
        """An empty migration that is filled in."""
        _, _, name = block.path.partition("…_")
        self.manage("makemigrations", "customers", "--empty", "--name", name.removesuffix(".py"))
        (path,) = (self.folder / "customers" / "migrations").glob(f"*_{name}")
        constants, _, operations = block.code.partition("operations = ")
        text = re.sub(
            r"operations = \[\s*\]", lambda found: f"operations = {operations.strip()}", path.read_text()
        )
        path.write_text(text.replace("class Migration", f"{constants}\n\nclass Migration"))

    def manage(self, *words: str) -> str:
        return self.run(sys.executable, "manage.py", *words)

    def run(self, *words: str) -> str:
        """What a command says; one that fails shows what it said."""
        given = os.environ | {
            "DATABASE_URL": settings.DATABASE_URL,
            "REDIS_URL": settings.REDIS_URL,
            "SECRET_KEY": "recipes",
            "FIELD_ENCRYPTION_KEYS": "recipes",
        }
        done = subprocess.run(words, cwd=self.folder, env=given, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout


def added(text: str, code: str) -> str:
    """`text` with `code` at its end, and what `code` imports at its head."""
    imports = re.match(r"(?:(?:from|import) .*\n|\n)*", code)
    assert imports is not None
    rest = code[imports.end() :]
    lines = text.splitlines(keepends=True)
    first = next(
        (at for at, line in enumerate(lines) if re.match(r"from (?!__future__)|import ", line)), len(lines)
    )
    return "".join([*lines[:first], imports[0], *lines[first:], "\n", rest])
