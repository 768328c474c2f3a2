"""What is asked when an accepted quote is taken over: which of its parts, under which names, on which packages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from dataaccounts.forms.accounts import MOST, UsernameField, described, packages
from dataaccounts.policies import usernames
from herotill.forms import AmountField, DayField, Form
from herotill.money import rand
from workflow.selectors.offered import Offer
from workflow.services.new_products import Choice


@dataclass(frozen=True, slots=True)
class Row:
    """One part as the dialog shows it: what is offered, and the fields that ask about it."""

    offer: Offer
    take: forms.BoundField
    fields: list[forms.BoundField]


class TakeOverForm(Form):
    """Every part of the quote that is not taken over yet, with a tick. Prices only for who may give them."""

    day = DayField(
        label="Services are to begin on", help_text="A plan. Billing begins when the installation is done."
    )
    left = forms.CharField(
        label="Leave out what is not ticked, because",
        required=False,
        max_length=200,
        help_text="Empty: it can be taken over later; until then the lead stays here.",
    )

    def __init__(
        self, *args: Any, offers: Sequence[Offer], prices_accounts: bool, prices_items: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.open = [one for one in offers if not one.is_taken]
        for one in self.open:
            self._ask(one, prices_accounts if one.is_account else prices_items)

    def _ask(self, one: Offer, priced: bool) -> None:
        self.fields[f"take-{one.key}"] = forms.BooleanField(
            required=False, initial=True, label=f"Take over {one.line.text}"
        )
        if one.is_account:
            self._ask_account(one)
        if priced:
            self.fields[f"price-{one.key}"] = AmountField(
                required=False,
                min_value=Decimal(0),
                max_value=MOST,
                initial=one.price,
                label="Price of its own",
                help_text="Empty: the price list's."
                if one.listed is None
                else f"Empty: the price list's {rand(one.listed)}.",
            )

    def _ask_account(self, one: Offer) -> None:
        self.fields[f"username-{one.key}"] = UsernameField(
            required=False, initial=one.username, help_text="As the router sends it."
        )
        choice: forms.ModelChoiceField = forms.ModelChoiceField(
            packages(staff=False), initial=one.line.package_id, empty_label=None, label="Package"
        )
        choice.label_from_instance = described  # type: ignore[method-assign, assignment]
        choice.required = False
        self.fields[f"package-{one.key}"] = choice

    @property
    def rows(self) -> Iterator[Row]:
        for one in self.open:
            names = [f"{name}-{one.key}" for name in ("username", "package", "price")]
            yield Row(one, self[f"take-{one.key}"], [self[name] for name in names if name in self.fields])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        wanted = [one for one in self.open if data.get(f"take-{one.key}")]
        if not wanted and not data.get("left"):
            self.add_error(None, "Tick at least one, or say why all are left out.")
        for one in wanted:
            if one.is_account:
                self._clean_account(one, data)
        return data

    def _clean_account(self, one: Offer, data: dict[str, Any]) -> None:
        if not data.get(f"package-{one.key}") and f"package-{one.key}" not in self.errors:
            self.add_error(f"package-{one.key}", "Choose a package.")
        name = data.get(f"username-{one.key}", "")
        if not usernames.accepted(name) and f"username-{one.key}" not in self.errors:
            self.add_error(
                f"username-{one.key}", "Small letters, figures and . _ @ -; it begins and ends with neither."
            )

    def choices(self) -> list[Choice]:
        """What is to be taken over, and what left out. Call it on a valid form."""
        return [one for one in map(self._chosen, self.open) if one]

    def _chosen(self, one: Offer) -> Choice | None:
        if self.cleaned_data[f"take-{one.key}"]:
            return self._choice(one)
        left = self.cleaned_data["left"]
        return Choice(one.line.pk, one.part, left=left) if left else None

    def _choice(self, one: Offer) -> Choice:
        data = self.cleaned_data
        return Choice(
            line=one.line.pk,
            part=one.part,
            username=data.get(f"username-{one.key}", ""),
            package=data.get(f"package-{one.key}"),
            price=data[f"price-{one.key}"] if f"price-{one.key}" in data else self._quoted(one),
        )

    def _quoted(self, one: Offer) -> Decimal | None:
        """Who may give no price takes the one that was offered; another package has its own on the list."""
        package = self.cleaned_data.get(f"package-{one.key}")
        return one.price if package is None or package.pk == one.line.package_id else None
