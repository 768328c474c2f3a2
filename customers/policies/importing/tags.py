"""Categories, labels and groups by their names, case ignored (mapping)."""

from __future__ import annotations

from collections.abc import Iterable


class Names:
    """The names that exist, and those that a file brings, in its order."""

    def __init__(self, existing: Iterable[str]) -> None:
        self._names = {name.casefold(): name for name in existing}

    def find(self, text: str) -> str:
        """The name that `text` stands for, "" if there is none."""
        return self._names.get(text.casefold(), "")

    def bring(self, text: str) -> tuple[str, bool]:
        """The name that `text` stands for, and whether the file has just brought it, as written."""
        found = self.find(text)
        if not text or found:
            return found, False
        self._names[text.casefold()] = text
        return text, True
