"""SageOne as a connection may name it."""

from __future__ import annotations

from herotill.integrations.books.packages import Package, packages
from herotill.integrations.sageone import VERSIONS, live

for _order, _version in enumerate(VERSIONS, start=10):
    packages.register(Package(_version, f"SageOne {_version}", live.books, _order))
