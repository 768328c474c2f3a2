"""A gateway that writes texts into a file, for the demo and for trying things out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from herotill.integrations.sms import Balance, Taken, Text


class FileGateway:
    """One line of JSON for each text, at the end of `path`."""

    name = "file"
    at_once = 100
    repeatable = False

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, texts: Sequence[Text]) -> list[Taken]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a") as file:
            for one in texts:
                file.write(json.dumps({"to": one.to, "text": one.text, "reference": one.reference}) + "\n")
        return [Taken(one.reference, True, f"file:{one.reference}", cost=Decimal(0)) for one in texts]

    def balance(self) -> Balance:
        return Balance(Decimal(0), "free of charge")
