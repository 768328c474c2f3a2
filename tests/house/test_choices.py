"""A choice that is still to be made says so in words, and long names under a chart leave each other room."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django import forms as django_forms

from herotill import forms
from herotill.charts import CARD, Sheet, bars
from herotill.reference.models import Highsite

pytestmark = pytest.mark.django_db


class _Asked(forms.Form):
    must = django_forms.ModelChoiceField(Highsite.objects.all())
    may = django_forms.ModelChoiceField(Highsite.objects.all(), required=False)
    own = django_forms.ModelChoiceField(Highsite.objects.all(), empty_label="Everywhere")


def test_nothing_chosen_yet_is_said_in_words() -> None:
    form = _Asked()
    said = [str(next(iter(form.fields[name].choices))[1]) for name in ("must", "may", "own")]
    assert said == ["Choose", "None", "Everywhere"]
    assert "-----" not in form.as_p()


def test_a_long_name_under_its_bar_is_cut_and_stands_whole_in_the_title() -> None:
    names = [f"rethabile.jacobs.cottage.{number}" for number in range(12)]
    chart = bars(names, [("Download", [Decimal(1)] * 12)])
    assert chart is not None
    assert f">{names[0]}</text>" not in chart.svg
    assert "rethabile.jacob…</text>" in chart.svg
    assert f"{names[0]}:" in chart.svg
    months = bars(["Nov 2026", "Dec 2026"], [("Download", [Decimal(1), Decimal(2)])])
    assert months is not None
    assert ">Dec 2026</text>" in months.svg


def test_a_telephone_gets_a_drawing_of_its_own_whose_words_have_room() -> None:
    hours = [f"{hour:02}:00" for hour in range(24)]
    load = [Decimal(999)] * 24
    chart = bars(hours, [("Load", load)], words=lambda value: f"{value:.1f} GB a day", sheet=Sheet(left=40))
    assert chart is not None
    assert 'viewBox="0 0 340 ' in chart.narrow
    assert chart.narrow.count("<rect") == chart.svg.count("<rect") == 24
    assert 0 < chart.narrow.count(":00</text>") < chart.svg.count(":00</text>")


def test_what_an_axis_says_makes_its_own_room() -> None:
    said = "123.4 GB a month"
    chart = bars(["Nov"], [("Used", [Decimal(7)])], words=lambda value: said, sheet=CARD)
    assert chart is not None
    line = re.search(r'<line x1="(\d+)"', chart.svg)
    assert line is not None
    assert int(line[1]) > len(said) * 6
