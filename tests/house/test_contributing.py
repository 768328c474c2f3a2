"""What CONTRIBUTING.md tells works: every recipe is carried out on a copy of the tree, and its tests pass there."""

import sys
from pathlib import Path

import pytest

from tests.house.recipes import Tree, blocks

ROOT = Path(__file__).resolve().parents[2]
RECIPES = blocks((ROOT / "CONTRIBUTING.md").read_text())


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    made = Tree(ROOT, tmp_path_factory.mktemp("recipes") / "tree")
    made.follow(RECIPES)
    return made


def test_every_block_says_where_it_belongs():
    text = (ROOT / "CONTRIBUTING.md").read_text()

    assert len(RECIPES) == text.count("```python\n") + text.count("```html\n") > 10
    for block in RECIPES:
        assert block.adds == (ROOT / block.path).exists(), block.path


def test_the_recipes_leave_nothing_to_mend(tree):
    tree.run(
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--quiet",
        "--select",
        "E,F,B,TID",
        "--ignore",
        "E402,E501,F811",
        ".",
    )
    tree.manage("check", "--fail-level", "WARNING")
    tree.manage("makemigrations", "--check", "--dry-run")
    assert "visits" in tree.manage("widgets")


def test_the_story_that_the_recipes_tell_is_true(tree):
    said = tree.run(
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/customers/test_visits.py"
    )

    assert "10 passed" in said
