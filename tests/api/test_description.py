"""The description holds: every endpoint asks a scope, and whatever is sent, the answers are as it says."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import schemathesis
from django.test import Client
from django.test.client import ClientHandler
from hypothesis import HealthCheck, Phase, given, strategies
from hypothesis import settings as bounded
from ninja.operation import Operation
from schemathesis.checks import CHECKS

from herotill.api.endpoints import Scoped
from herotill.api.scopes import scopes
from herotill.api.site import api
from herotill.users.grants import rights
from tests.api.programs import program
from tests.factories import make_customer
from tests.factories.banking import bank_account
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.data import make_account
from tests.factories.helpdesk import make_ticket
from tests.factories.people import in_role

DESCRIPTION = "/api/v1/openapi.json"
NAMES = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
]


def application(environ: dict[str, Any], start: Any) -> list[bytes]:
    """The product as a WSGI program that stays in the transaction of the test."""
    response: Any = ClientHandler(enforce_csrf_checks=True)(environ)
    start(f"{response.status_code} {response.reason_phrase}", list(response.headers.items()))
    return [response.content]


def operations() -> list[Operation]:
    found: list[Operation] = []
    for _, router in api()._routers:
        for view in router.path_operations.values():
            found += view.operations
    return found


def test_every_endpoint_asks_a_scope_whose_right_is_known() -> None:
    assert len(operations()) >= 18
    for each in operations():
        asked = [one for one in each.auth_callbacks if isinstance(one, Scoped)]
        assert len(asked) == len(each.auth_callbacks) == 1, each.path
        assert scopes[asked[0].scope].right in rights, each.path
    assert {scope.name for scope in scopes} == {
        one.scope for each in operations() for one in each.auth_callbacks if isinstance(one, Scoped)
    }


def test_every_write_wants_a_key_and_no_read_does() -> None:
    for each in operations():
        wanted = "Idempotency-Key" in str(each.openapi_extra)
        assert wanted == (each.methods != ["GET"]), each.path


def test_the_description_names_every_path_and_tells_nothing_of_anybody() -> None:
    described = Client().get(DESCRIPTION).json()
    assert len(described["paths"]) == len({each.path for each in operations()})
    assert described["components"]["securitySchemes"]["Scoped"]["scheme"] == "bearer"


@pytest.mark.django_db
def test_whatever_is_sent_the_answers_are_as_described(settings: Any) -> None:
    settings.API_PER_MINUTE = 1_000_000
    alice = make_customer("Alice Liddel", "ALI001")
    known = {
        "/customers": {"code": "ALI001"},
        "/data-accounts": {"pk": make_account(alice, "alice").pk},
        "/documents": {"pk": make_invoice(alice).pk},
        "/receipts": {"pk": make_receipt(alice).pk},
        "/tickets": {"number": make_ticket(alice).pk},
    }
    bank_account("FNB cheque", source="capture")
    everything = program(in_role("Thabo", "administrator"), *(scope.name for scope in scopes))
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, application)
    checks = [CHECKS.get_one(name) for name in NAMES]

    seen: Counter[int] = Counter()
    for each in schema.get_all_operations():
        operation = each.ok()
        ids = next(given for path, given in known.items() if operation.path.startswith(f"/api/v1{path}"))
        _try(operation, ids, everything.headers, checks, seen)
    assert {200, 404, 422} <= set(seen)


def _try(
    operation: Any, ids: dict[str, Any], headers: dict[str, str], checks: list[Any], seen: Counter[int]
) -> None:
    """Send what the description allows and what it does not, about what is there and what is not."""

    @given(case=operation.as_strategy(), there=strategies.booleans())
    @bounded(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: Any, there: bool) -> None:
        if there and case.path_parameters:
            case.path_parameters = ids
        response = case.call(headers=headers)
        seen[response.status_code] += 1
        case.validate_response(response, checks=checks)

    holds()
