"""The rights about what customers ask to be changed."""

from __future__ import annotations

from herotill.users.grants import right

SCREEN = "Customer requested changes"

right(
    "workflow.view_changerequest",
    "see what customers ask to be changed",
    screen=SCREEN,
    to=("manager", "accounts", "collections", "sales", "support"),
)
right(
    "workflow.add_changerequest",
    "enter and withdraw change requests on a customer's behalf",
    screen=SCREEN,
    to=("manager", "accounts", "sales", "support"),
)
right(
    "workflow.decide_changerequest",
    "accept and reject what customers ask to be changed",
    screen=SCREEN,
    to=("manager", "accounts"),
)
