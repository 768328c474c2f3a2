"""How the copy of a customer's data is packed: a table and a plain text of each part, in one ZIP."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

# What a spreadsheet would take for a formula.
_FORMULA = re.compile(r"^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
README = """{title}

Made on {made}. Each part stands here as a table (.csv) that a spreadsheet opens; everything together stands in
everything.json for other programs. Files are in the folders. Account numbers are shortened to their last digits,
and passwords are not in here.

{parts}
"""


def table(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows as CSV, with the headings of all of them; nothing in it is read as a formula."""
    headings = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_cell(row.get(name)) for name in headings] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?[\d .]+", text) is not None


class Packing:
    """A copy in the making; `finished` gives its bytes."""

    def __init__(self, title: str, made: datetime) -> None:
        self.title, self.made = title, made
        self.parts: dict[str, tuple[str, list[dict[str, object]]]] = {}
        self.out = io.BytesIO()
        self.zip = zipfile.ZipFile(self.out, "w", zipfile.ZIP_DEFLATED)

    def add(self, name: str, title: str, rows: Iterable[Mapping[str, object]]) -> None:
        """A part of the copy, also where it is empty: that nothing is kept is an answer too."""
        kept = [dict(row) for row in rows]
        self.parts[name] = (title, kept)
        self.zip.writestr(f"{name}.csv", "﻿" + table(kept))

    def add_file(self, folder: str, name: str, content: bytes) -> None:
        """A file in the folder of its part, under a name that is there once."""
        path, number = f"{folder}/{name}", 1
        while path in self.zip.namelist():
            number += 1
            path = f"{folder}/{number}-{name}"
        self.zip.writestr(path, content)

    def finished(self) -> bytes:
        lines = [f"{name}.csv: {title} ({len(rows)})" for name, (title, rows) in self.parts.items()]
        words = README.format(
            title=self.title, made=self.made.strftime("%Y-%m-%d %H:%M"), parts="\n".join(lines)
        )
        every = {name: rows for name, (_, rows) in self.parts.items()}
        self.zip.writestr("everything.json", json.dumps(every, indent=1, default=str, ensure_ascii=False))
        self.zip.writestr("read me.txt", words)
        self.zip.close()
        return self.out.getvalue()
