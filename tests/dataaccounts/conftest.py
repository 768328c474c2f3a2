"""A real FreeRADIUS before the test's own database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from dataaccounts.models import Nas
from dataaccounts.services import radius_secrets
from herotill import embedded
from herotill.integrations.radius.server import MISSING, PROGRAM, FreeRadius
from tests.dataaccounts.radius import RADCLIENT, Line, Router
from tests.factories.data import make_nas
from tests.strict import needs

ROLE = "herotill_radius"


@pytest.fixture(scope="session")
def radius_password() -> str:
    """The password of FreeRADIUS's role, which may log in from now on."""
    needs(PROGRAM and RADCLIENT, MISSING)
    needs(settings.EMBEDDED, "These tests make a role; they need the embedded PostgreSQL: unset DATABASE_URL")
    return embedded.login(ROLE)


@pytest.fixture
def line(transactional_db: None) -> Iterator[Line]:
    """The way from FreeRADIUS to the database."""
    folder = Path(tempfile.mkdtemp(prefix="herotill-line-"))
    folder.chmod(0o755)
    line = Line(folder, Path(connection.settings_dict["HOST"]) / ".s.PGSQL.5432")
    yield line
    line.close()
    shutil.rmtree(folder)


@pytest.fixture
def freeradius(radius_password: str, line: Line) -> Iterator[FreeRadius]:
    """FreeRADIUS as the repository configures it, as an ordinary user on loopback ports."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT radius_let_in(%s)", [ROLE])
    database = (
        f"host={line.path.parent} dbname={connection.settings_dict['NAME']} user={ROLE} connect_timeout=3"
    )
    with FreeRadius(database=database, password=radius_password, user=embedded.account()) as server:
        yield server


@pytest.fixture
def router(freeradius: FreeRadius) -> Callable[..., Router]:
    """Puts up a router and plays it."""

    def put_up(
        name: str = "Tower 1", address: str = "127.0.0.2", signs: bool = True, **fields: object
    ) -> Router:
        nas: Nas = make_nas(name, address, **fields)
        secret = radius_secrets.set_secret(nas_id=nas.pk, secret=None, actor=None)
        return Router(freeradius, secret, address, signs)

    return put_up
