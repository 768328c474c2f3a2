"""`manage.py widgets` prints the registry that the profile is made from."""

import re

from django.core.management import call_command

from customers.screen import widgets


def printed(capsys) -> dict[str, list[str]]:
    call_command("widgets")
    lines = capsys.readouterr().out.splitlines()
    cells = [re.split(r" {2,}", line) for line in lines if "  " in line]
    assert cells[0] == ["name", "title", "section", "order", "permission", "actions", "lazy"]
    return {row[0]: row for row in cells[1:]}


def test_every_widget_is_printed_once_in_the_order_of_the_screen(capsys):
    assert list(printed(capsys)) == [widget.name for widget in widgets]


def test_each_line_tells_who_may_see_it_and_what_can_be_done(capsys):
    rows = printed(capsys)

    for widget in widgets:
        assert rows[widget.name][4] == widget.permission
        assert rows[widget.name][5] == (",".join(widget.actions) or "-")
        assert rows[widget.name][6] == ("lazy" if widget.lazy else "-")
    assert rows["customer-notes"][2] == widgets["customer-notes"].section.name.lower()
