"""What a wholesaler's CSV is asked: which column holds what, and how it writes moments and lengths."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django import forms

from dataaccounts.models import CallProfile, VoiceSource
from dataaccounts.policies.calls.moments import Moments, clock, minutes, seconds
from herotill.errors import DomainError
from herotill.forms import Form

W = TypeVar("W")
MOST = 200_000
SAMPLE_LINES = 25
NAMED, UNNAMED = "1", "0"  # whether a heading names the columns
PARTS = (
    ("b_number", "Number called", ("destination", "called", "dst", "to", "b_number", "callee", "dialled")),
    ("start", "Start, date and time in one", ("start", "call_start", "datetime", "date time", "timestamp")),
    ("date", "Date", ("date", "call date")),
    ("time", "Time", ("time", "call time")),
    ("billsec", "Length", ("duration", "billsec", "seconds", "length")),
    ("account", "Account", ("account", "username", "sip user", "user")),
    ("a_number", "Number that called", ("cli", "src", "source", "from", "caller", "a_number", "calling")),
    ("supplier_cost", "What it costs us", ("cost", "charge", "amount", "price")),
    ("direction", "Direction", ("direction", "type")),
    ("call_id", "Call ID", ("call id", "id", "uniqueid", "uuid", "call_id")),
    ("destination_name", "Destination in words", ("description", "destination name", "region")),
)
DATES = ("YYYY-MM-DD", "DD/MM/YYYY", "YYYY/MM/DD", "DD-MM-YYYY", "DD.MM.YYYY", "YYYYMMDD")
TIMES = ("HH:MM:SS", "THH:MM:SSZ", "THH:MM:SS", "HHMMSS", "HH:MM")
MEASURES = {"s": seconds, "hh:mm:ss": clock, "mm:ss": minutes}
PLAIN = (
    "name",
    "encoding",
    "skip_records",
    "timezone",
    "duration_unit",
    "outbound_value",
    "cost_includes_vat",
    "footer_first_field",
)
ENCODINGS = (("utf-8-sig", "UTF-8"), ("cp1252", "Windows (cp1252)"))


class SampleForm(Form):
    """A file to look at; only its beginning is read, and nothing is kept."""

    sample = forms.FileField(label="A file of theirs", help_text="Only its first lines are looked at.")
    skip_records = forms.IntegerField(
        min_value=0, max_value=100, initial=0, required=False, label="Lines above the heading"
    )
    bare = forms.BooleanField(required=False, label="Without a heading: the first line is a call")


def beginning(content: bytes) -> tuple[str, str]:
    """The first lines of a file and the encoding they are written in."""
    encoding = "utf-8-sig"
    try:
        text = content[:MOST].decode(encoding, errors="strict" if len(content) <= MOST else "ignore")
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = content[:MOST].decode(encoding, errors="replace")
    return "".join(text.splitlines(keepends=True)[:SAMPLE_LINES]), encoding


def headings(sample: str, delimiter: str, skip: int, *, named: bool = True) -> dict[str, str]:
    """The columns, by what a format calls them, in words: without a heading 1, 2, 3, with what stands there first.

    Raises DomainError where there are not at least three.
    """
    rows = _records(sample, delimiter)
    found = [name.strip() for name in rows[skip]] if len(rows) > skip else []
    if len([name for name in found if name]) < 3:
        raise DomainError("No heading with columns was found there.", field="sample")
    if named:
        return {name: name for name in found if name}
    return {str(place): f"{place}: {text[:30]}" for place, text in enumerate(found, start=1)}


def _records(sample: str, delimiter: str) -> list[list[str]]:
    lines = io.StringIO(sample.replace("\x00", ""), newline="")
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if any(row)]
    except csv.Error as no:
        raise DomainError(f"This is no CSV: {no}.", field="sample") from no


def between(chosen: str) -> str:
    """What stands between columns, as a format keeps it; a tab is chosen by its name."""
    return "\t" if chosen == "tab" else chosen[:1] or ","


def delimiter_of(sample: str, skip: int) -> str:
    """What stands between columns: what the heading has most of."""
    lines = [line for line in sample.splitlines() if line.strip()]
    heading = lines[skip] if len(lines) > skip else ""
    found = max(",;\t|", key=heading.count)
    return "tab" if found == "\t" else found


class MappingForm(Form):
    """The format itself."""

    name = forms.CharField(max_length=60)
    source = forms.ModelChoiceField(VoiceSource.objects.filter(retired=False), empty_label="Choose")
    encoding = forms.ChoiceField(choices=ENCODINGS)
    delimiter = forms.ChoiceField(choices=[(",", "Comma"), (";", "Semicolon"), ("tab", "Tab"), ("|", "Bar")])
    skip_records = forms.IntegerField(min_value=0, max_value=100, initial=0, label="Lines above the heading")
    heading = forms.CharField(required=False, widget=forms.HiddenInput)
    strip_prefixes = forms.CharField(
        required=False,
        max_length=200,
        label="Put before numbers by the system",
        help_text="With commas between, as 9, 0027. The first that fits is dropped.",
    )
    date_format = forms.ChoiceField(choices=[(one, one) for one in DATES], label="Dates are written")
    time_format = forms.ChoiceField(choices=[(one, one) for one in TIMES], label="Times are written")
    timezone = forms.ChoiceField(
        choices=[("Africa/Johannesburg", "South African time"), ("UTC", "UTC")], label="Their clock"
    )
    duration_unit = forms.ChoiceField(choices=CallProfile.Seconds.choices, label="Lengths are written")
    outbound_value = forms.CharField(
        required=False,
        max_length=30,
        label="Direction of calls made",
        help_text="As it stands in the column.",
    )
    cost_includes_vat = forms.BooleanField(required=False, label="What it costs us includes VAT")
    footer_first_field = forms.CharField(
        required=False, max_length=60, label="A closing line begins with", help_text="As Total."
    )

    def __init__(
        self, *args: Any, columns: Mapping[str, str], of: CallProfile | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if of:
            del self.fields["source"]
        offered = [("", "Not there"), *columns.items()]
        for part, label, _ in PARTS:
            self.fields[f"column_{part}"] = forms.ChoiceField(
                choices=offered, required=part in ("b_number", "billsec"), label=label
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("column_start") and not data.get("column_date"):
            self.add_error("column_start", "Say where the start stands, in one column or two.")
        if not data.get("column_account") and not data.get("column_a_number"):
            self.add_error("column_account", "Say which column tells whose call it is.")
        if data.get("column_direction") and not data.get("outbound_value"):
            self.add_error("outbound_value", "Say what stands there for a call that was made.")
        return data

    def profile(self, vat_percent: Any) -> CallProfile:
        """The format as it was filled in, not kept."""
        data = self.cleaned_data
        columns = {part: data[f"column_{part}"] for part, *_ in PARTS if data[f"column_{part}"]}
        if "start" in columns:
            columns = {part: name for part, name in columns.items() if part not in ("date", "time")}
        own = {name: data[name] for name in (*PLAIN, "source") if name in data}
        whole = "start" in columns
        form = _in_one(data["date_format"], data["time_format"])
        return CallProfile(
            kind=CallProfile.Kind.MAPPED,
            delimiter=between(data["delimiter"]),
            has_header=data["heading"] != UNNAMED,
            strip_prefixes=[part.strip() for part in data["strip_prefixes"].split(",") if part.strip()],
            columns=columns,
            line_match=[columns[part] for part in ("account", "a_number") if part in columns],
            date_format=form if whole else data["date_format"],
            time_format="" if whole else data["time_format"],
            vat_percent=vat_percent if data["cost_includes_vat"] else 0,
            dedupe=CallProfile.Known.CALL_ID if "call_id" in columns else CallProfile.Known.HASH,
            **own,
        )


def about_file(profile: CallProfile) -> dict[str, Any]:
    """What a format says of a whole file, as `SampleForm` asks it."""
    return {"skip_records": profile.skip_records, "bare": not profile.has_header}


def told_before(profile: CallProfile, columns: Iterable[str]) -> dict[str, Any]:
    """What a format says, as far as it still can of a file with these columns."""
    there = set(columns)
    places = {f"column_{part}": profile.columns.get(part, "") for part, *_ in PARTS}
    plain = {name: getattr(profile, name) for name in PLAIN if name not in ("encoding", "skip_records")}
    still = {name: heading for name, heading in places.items() if not heading or heading in there}
    return plain | still | _wrote(profile) | {"strip_prefixes": ", ".join(profile.strip_prefixes)}


def _wrote(profile: CallProfile) -> dict[str, str]:
    """How a format writes days and times, whether in one column or two."""
    form = (profile.date_format, profile.time_format)
    ways = [(day, time) for day in DATES for time in TIMES if form in ((day, time), (_in_one(day, time), ""))]
    return {"date_format": ways[0][0], "time_format": ways[0][1]} if ways else {}


def _in_one(date_format: str, time_format: str) -> str:
    """The form of a moment whose date and time stand in one column."""
    return f"{date_format}{'' if time_format.startswith('T') else ' '}{time_format}"


def proposed(sample: str, delimiter: str, skip: int, columns: Iterable[str]) -> dict[str, Any]:
    """What the form begins with: which column may hold what, by its name, and how the first rows write it."""
    found = guessed(columns)
    heading, *rows = _records(sample, delimiter)[skip:]
    cells = [dict(zip(map(str.strip, heading), row, strict=False)) for row in rows]

    def told(*parts: str) -> list[str]:
        return [" ".join(one.get(found[f"column_{part}"], "").strip() for part in parts) for one in cells]

    more: dict[str, Any] = {"cost_includes_vat": "incl" in found.get("column_supplier_cost", "").lower()}
    if "column_start" in found:
        more |= _moments(told("start"), _in_one)
    elif found.keys() >= {"column_date", "column_time"}:
        more |= _moments(told("date", "time"), "{} {}".format)
    if "column_billsec" in found:
        more |= {"duration_unit": _fitting(told("billsec"), MEASURES)}
    return found | more


def _moments(told: Sequence[str], form: Callable[[str, str], str]) -> dict[str, Any]:
    """How moments are written, and by which clock: an ISO moment with a Z is by UTC."""
    ways = {(day, time): Moments(form(day, time)).read for day in DATES for time in TIMES}
    day, time = _fitting(told, ways)
    clock = {"timezone": "UTC"} if time.endswith("Z") else {}
    return {"date_format": day, "time_format": time, **clock}


def _fitting(told: Sequence[str], ways: Mapping[W, Callable[[str], object]]) -> W:
    """The way in which most can be read, the first where several do."""
    return max(ways, key=lambda way: sum(ways[way](text) is not None for text in told))


def guessed(columns: Iterable[str]) -> dict[str, str]:
    """Which column may hold what, by its name."""
    by_name = {name.strip().lower(): name for name in columns if name}
    found: dict[str, str] = {}
    for part, _, names in PARTS:
        hit = next((by_name[name] for name in names if name in by_name), "")
        if not hit and part == "supplier_cost":
            hit = next((by_name[name] for name in by_name if "cost" in name), "")
        if hit and hit not in found.values():
            found[f"column_{part}"] = hit
    return found
