"""Inbound mail against what must become of each message.

ACCEPTANCE_DATA names a folder with mail/world.json, the messages and mail/expected.json; where there is none, this
runs on the repository's own small set, and says so.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance import mails


@pytest.mark.filterwarnings("default:No .*own small set")
def test_every_message_ends_where_it_must(tmp_path: Path) -> None:
    there = mails.folder(tmp_path)
    expected = json.loads((there / "expected.json").read_text())
    without_labels = [{name: each[name] for name in each if name != "case"} for each in expected]
    assert list(mails.judged(there)) == without_labels


@pytest.mark.filterwarnings("default:No .*own small set")
def test_the_small_set_of_the_repository_is_right_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCEPTANCE_DATA", str(tmp_path / "nowhere"))
    there = mails.folder(tmp_path)
    expected = json.loads((there / "expected.json").read_text())
    assert [each["outcome"] for each in mails.judged(there)] == [each["outcome"] for each in expected]
    assert list(mails.judged(there)) == [{k: v for k, v in each.items() if k != "case"} for each in expected]
