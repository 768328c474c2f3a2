"""Registries: how an app adds to a screen it does not know.

Every local app may have a `wiring` module, which says what the app registers, and a `widgets`
package with one module a widget. Both are imported once, when the apps are ready.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from weakref import WeakSet

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class Named(Protocol):
    """What a registry holds: a unique name, and a place in the order."""

    @property
    def name(self) -> str: ...

    @property
    def order(self) -> int: ...


T = TypeVar("T", bound=Named)


class Registry(Generic[T]):
    """Things of one kind by name, in their order. `everyone` are all registries, for `manage.py check`."""

    everyone: ClassVar[WeakSet[Registry[Any]]] = WeakSet()

    def __init__(self, kind: str) -> None:
        self.everyone.add(self)
        self.kind = kind
        self._items: dict[str, T] = {}
        self._ordered: tuple[T, ...] | None = None

    def register(self, item: T) -> T:
        """Add `item`; usable as a decorator. A name can be taken once."""
        if item.name in self._items and self._items[item.name] is not item:
            raise ImproperlyConfigured(f"Two things register as {self.kind} {item.name!r}.")
        self._items[item.name] = item
        self._ordered = None
        return item

    def unregister(self, name: str) -> None:
        """Take `name` out again, as tests do that register for themselves."""
        self._items.pop(name, None)
        self._ordered = None

    def __getitem__(self, name: str) -> T:
        return self._items[name]

    def get(self, name: str) -> T | None:
        return self._items.get(name)

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        if self._ordered is None:
            self._ordered = tuple(sorted(self._items.values(), key=lambda item: (item.order, item.name)))
        return iter(self._ordered)


def discover() -> None:
    """Import the wiring and the widgets of every local app, in the order of LOCAL_APPS."""
    for app in settings.LOCAL_APPS:
        if find_spec(f"{app}.wiring"):
            import_module(f"{app}.wiring")
        if find_spec(f"{app}.widgets"):
            package = import_module(f"{app}.widgets")
            for module in iter_modules(getattr(package, "__path__", ())):
                import_module(f"{app}.widgets.{module.name}")
