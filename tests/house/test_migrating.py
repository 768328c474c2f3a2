"""Migrating makes a model's class anew only where a later step would look at what changed."""

from __future__ import annotations

from django.db import models
from django.db.migrations.state import ModelState

from herotill.management.commands.migrate import State


def cats() -> State:
    state = State()
    name = ("name", models.CharField(max_length=10))
    state.add_model(ModelState("zoo", "Cat", [("id", models.BigAutoField(primary_key=True)), name]))
    state.add_model(
        ModelState(
            "zoo",
            "Paw",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("cat", models.ForeignKey("zoo.Cat", models.CASCADE)),
            ],
        )
    )
    return state


def test_an_index_makes_no_class_anew_and_is_known_all_the_same() -> None:
    state = cats()
    cat = state.apps.get_model("zoo", "Cat")
    state.add_index("zoo", "cat", models.Index(fields=["name"], name="cats_by_name"))
    state.add_constraint("zoo", "cat", models.UniqueConstraint(fields=["name"], name="cat_once"))
    assert state.apps.get_model("zoo", "Cat") is cat
    assert [index.name for index in cat._meta.indexes] == ["cats_by_name"]
    assert [constraint.name for constraint in cat._meta.constraints] == ["cat_once"]
    assert [index.name for index in state.models["zoo", "cat"].options["indexes"]] == ["cats_by_name"]


def test_a_field_and_an_option_make_it_anew_alone_until_a_step_runs_python() -> None:
    state = cats()
    before, paw = state.apps.get_model("zoo", "Cat"), state.apps.get_model("zoo", "Paw")
    state.add_index("zoo", "cat", models.Index(fields=["name"], name="cats_by_name"))
    state.add_field("zoo", "cat", "lives", models.IntegerField(default=9), True)
    after = state.apps.get_model("zoo", "Cat")
    assert after is not before
    assert [field.name for field in after._meta.fields] == ["id", "name", "lives"]
    assert [index.name for index in after._meta.indexes] == ["cats_by_name"]
    assert state.apps.get_model("zoo", "Paw") is paw
    state.alter_model_options("zoo", "cat", {"permissions": [("stroke_cat", "Can stroke cats")]})
    assert state.apps.get_model("zoo", "Cat")._meta.permissions == [("stroke_cat", "Can stroke cats")]
    state.clear_delayed_apps_cache()  # as Django does before it runs Python
    points_at = state.apps.get_model("zoo", "Paw")._meta.get_field("cat").related_model
    assert points_at is state.apps.get_model("zoo", "Cat")


def test_what_others_refer_to_is_made_anew_with_them() -> None:
    state = cats()
    assert state.apps.get_model("zoo", "Cat")
    state.add_field("zoo", "cat", "lives", models.IntegerField(default=9), True)
    state.alter_field("zoo", "cat", "id", models.UUIDField(primary_key=True), True)
    cat = state.apps.get_model("zoo", "Cat")
    assert [relation.related_model.__name__ for relation in cat._meta.related_objects] == ["Paw"]
    assert state.apps.get_model("zoo", "Paw")._meta.get_field("cat").related_model is cat


def test_a_copy_is_as_quick_and_changes_by_itself() -> None:
    state = cats()
    cat = state.apps.get_model("zoo", "Cat")
    copy = state.clone()
    copy.add_field("zoo", "cat", "lives", models.IntegerField(default=9), True)
    assert isinstance(copy, State)
    assert state.apps.get_model("zoo", "Cat") is cat
    assert copy.apps.get_model("zoo", "Cat") is not cat


def test_a_steps_way_back_and_a_removed_model_are_followed() -> None:
    state = cats()
    assert state.apps.get_model("zoo", "Paw")
    state.add_index("zoo", "cat", models.Index(fields=["name"], name="cats_by_name"))
    state.remove_index("zoo", "cat", "cats_by_name")
    state.remove_model("zoo", "paw")
    assert state.models["zoo", "cat"].options["indexes"] == []
    assert [model.__name__ for model in state.apps.get_models()] == ["Cat"]
