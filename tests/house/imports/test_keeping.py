"""Old files go, and the records as they came; what an import did, and the way back, stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from customers.models import Customer
from herotill.imports import keeping
from herotill.models import Import, ImportRow
from tests.customers.importing.files import person
from tests.customers.importing.stories import applied, dry, fresh, importer, rolled_back

pytestmark = pytest.mark.django_db

ALICE = person("Liddel, Alice", code="ALI001")


def test_files_go_in_time_and_the_way_back_stays(django_capture_on_commit_callbacks: Any) -> None:
    commits, naledi, now = django_capture_on_commit_callbacks, importer(), timezone.now()
    done = applied(naledi, commits, ALICE)
    waiting = dry(naledi, commits, person("Lidd, Bob", code="BOB001"))
    storage, names = done.file.storage, [done.file.name, waiting.file.name]

    assert keeping.clear(now + timedelta(days=29)) == ""
    with commits(execute=True):
        assert keeping.clear(now + timedelta(days=31)) == "Deleted 1 files, emptied 0 imports."
    with commits(execute=True):
        assert keeping.clear(now + timedelta(days=91)) == "Deleted 0 files, emptied 1 imports."

    assert not Import.objects.filter(pk=waiting.pk).exists()
    assert [name for name in names if storage.exists(name)] == []
    assert ImportRow.objects.get(of=done).cells == []
    rolled_back(fresh(done), naledi, commits)
    assert not Customer.objects.exists()
