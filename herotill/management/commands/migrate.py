"""Django's `migrate`, in half its time.

After each step Django makes the classes anew of the model it changed and of all that point at it, some hundreds
where everything is audited. An index, a constraint or a trigger changes no class that a later step looks at, and
these are most of our steps.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState

OF_THE_TABLE = frozenset({"indexes", "constraints", "triggers"})


class State(ProjectState):
    """What the models are after so many steps; their classes are made anew only where these differ."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._made: dict[tuple[str, str], tuple[Any, ...]] = {}

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """Make the classes anew; `delay` says that no relation changed."""
        key = (app_label, model_name)
        looks = _looks(self.models[key]) if key in self.models else None
        if delay and looks and self._made.get(key) == looks:
            return
        super().reload_model(app_label, model_name, delay)
        if looks:
            self._made[key] = looks


def _looks(model: ModelState) -> tuple[Any, ...]:
    options = {name: value for name, value in model.options.items() if name not in OF_THE_TABLE}
    return dict(model.fields), options, model.bases, list(model.managers)


class Executor(MigrationExecutor):
    def _create_project_state(self, with_applied_migrations: bool = False) -> State:
        began = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return State(models=began.models, real_apps=began.real_apps)


migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]


class Command(migrate.Command):
    """Brings the database to what the code wants."""
