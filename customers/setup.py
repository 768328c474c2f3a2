"""What customers keep in Setup."""

from __future__ import annotations

from customers.forms import setup as forms
from customers.models import BillingGroup, Category, CustomerGroup, Label
from herotill.folding import Fold
from herotill.lists import Column, Tag, cells, keyset
from herotill.lists.columns import Row
from herotill.tables import keep


def _stays(group: CustomerGroup) -> str:
    if not group.is_default:
        return ""
    return f"“{group}” is where customers without a group of their own belong, so it stays."


def _colour(row: Row) -> list[Tag]:
    return [Tag(Label.Colour(row["colour"]).label, row["colour"])]


def _days(name: str, heading: str, order: int) -> Column:
    return Column(
        name=name,
        heading=heading,
        cell=cells.NUMBER,
        fields=(name,),
        sort=keyset.by_number(name),
        default=True,
        order=order,
    )


keep(
    name="customer-groups",
    model=CustomerGroup,
    title="Customer groups",
    noun="customer group",
    nouns="customer groups",
    about="Staff, high-site owners, estates: whom a customer belongs with.",
    icon="user-group",
    form=forms.CustomerGroupForm,
    columns=(
        Column(
            name="description",
            heading="Description",
            cell=cells.CLIPPED,
            fields=("description",),
            annotations=lambda: {"description_key": Fold("description")},
            sort=keyset.by_text("description_key", empty=keyset.Empty.BLANK),
            default=True,
            order=20,
        ),
    ),
    fixed=_stays,
    order=400,
)
keep(
    name="billing-groups",
    model=BillingGroup,
    title="Billing groups",
    noun="billing group",
    nouns="billing groups",
    about="The debit-order runs and the days that go with them.",
    icon="banknotes",
    form=forms.BillingGroupForm,
    columns=(
        _days("run_day", "Debit-order day", 20),
        _days("due_days", "Due after", 30),
        _days("overdue_days", "First warning", 40),
        _days("second_notice_days", "Second warning", 50),
        _days("suspension_days", "Suspension", 60),
    ),
    order=410,
)
keep(
    name="categories",
    model=Category,
    title="Categories",
    noun="category",
    nouns="categories",
    about="VIP and the like: what kind of customer somebody is.",
    icon="star",
    form=forms.CategoryForm,
    order=420,
)
keep(
    name="labels",
    model=Label,
    title="Labels",
    noun="label",
    nouns="labels",
    about="Coloured tags for customers.",
    icon="tag",
    form=forms.LabelForm,
    columns=(
        Column(
            name="colour",
            heading="Colour",
            cell=cells.TAGS,
            fields=("colour",),
            value=_colour,
            sort=keyset.by_kind("colour"),
            default=True,
            order=20,
        ),
    ),
    order=430,
)
