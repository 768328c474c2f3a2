"""Django's `migrate`, in a fraction of its time.

After each step Django makes the classes anew of the model it changed and of all that point at it, hundreds where
everything is audited. Here only the model's own class is made anew, and not even that for an index, a constraint
or a trigger, which change no class that a later step looks at. What points at it still knows the former class until
a step looks: one that runs Python, as with Django's own delay, or one that changes what others refer to.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.utils.functional import cached_property

OF_THE_TABLE = frozenset({"indexes", "constraints", "triggers"})


class State(ProjectState):
    """What the models are after so many steps; their classes are made anew only where these differ."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._made: dict[tuple[str, str], tuple[Any, ...]] = {}
        self._is_adding = False

    def clone(self) -> State:
        """The same, to be changed by itself."""
        copy = State()
        copy.__dict__ |= super().clone().__dict__  # Django makes a ProjectState of it
        copy._made = dict(self._made)
        return copy

    def add_model(self, model_state: ModelState) -> None:
        """A model that nothing refers to yet."""
        self._is_adding = True
        super().add_model(model_state)
        self._is_adding = False

    def add_field(self, *args: Any, **kwargs: Any) -> None:
        """A field that nothing refers to yet."""
        self._is_adding = True
        super().add_field(*args, **kwargs)
        self._is_adding = False

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """Make the class anew; `delay` says that no relation changed."""
        if "apps" not in self.__dict__:
            return
        key = (app_label, model_name)
        if self._is_parent(key) or not (delay or self._is_adding):
            # Django makes all of them, when next they are looked at.
            self.__dict__.pop("apps")
        elif self._made.get(key) != _looks(self.models[key]):
            self.is_delayed = True
            self._reload({key})
        else:
            options = self.apps.get_model(*key)._meta
            for name in OF_THE_TABLE:
                setattr(options, name, self.models[key].options.get(name, []))

    def _reload(self, related_models: Collection[tuple[str, str]]) -> None:
        super()._reload(related_models)  # type: ignore[misc]
        self._made |= {key: _looks(self.models[key]) for key in related_models if key in self.models}

    @cached_property
    def apps(self) -> StateApps:
        """The classes, all made now."""
        made = StateApps(self.real_apps, self.models)  # type: ignore[arg-type]  # a set is what Django has
        self._made = {key: _looks(model) for key, model in self.models.items()}
        self.is_delayed = False
        return made

    def _is_parent(self, key: tuple[str, str]) -> bool:
        name = ".".join(key)
        return any(
            isinstance(base, str) and base.lower() == name
            for model in self.models.values()
            for base in model.bases
        )


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
