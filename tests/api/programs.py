"""Programs that call the API."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from herotill.api.services import tokens
from herotill.users.models import User

BASE = "/api/v1"


class Program:
    """A program with a token."""

    def __init__(self, text: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {text}"} if text else {}

    def get(self, path: str, **asked: Any) -> Any:
        return self.client.get(f"{BASE}{path}", asked, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        return self.client.post(
            f"{BASE}{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers=self.headers | {"Idempotency-Key": key or uuid4().hex},
        )


def program(owner: User, *scopes: str, now: datetime | None = None, days: int = 30) -> Program:
    """A program of this person that may use these scopes."""
    at = now or timezone.now()
    return Program(
        tokens.make(owner=owner, name="Stock", wanted=scopes, expires_at=at + timedelta(days=days), now=at)[1]
    )
