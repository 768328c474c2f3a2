"""Leads from a file: every column, a dry run that writes nothing, a second time that adds nothing, and the way back."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from herotill.models import Import, ImportRow, Run
from tests.factories import make_customer, make_person
from tests.factories.workflow import make_lead
from workflow.lead_imports import FIELDS
from workflow.models import Area, Lead, Step, Survey
from workflow.services import leads

pytestmark = pytest.mark.django_db
HEAD = [one.label for one in FIELDS.values()]
ALICE = {
    "Type": "Individual",
    "First names": "Alice",
    "Surname": "Liddel",
    "Cell number": "082 123 4567",
    "Other number": "021 555 1234",
    "Email": "ALICE@example.com",
    "ID or passport number": "8001015009087",
    "Street": "1 Main Road",
    "Suburb": "Klein Parys",
    "Town": "Paarl",
    "Postal code": "7646",
    "Directions": "Green gate",
    "Latitude": "-33,7318",
    "Longitude": "18.9621",
    "Wants": "Fibre",
    "Source": "Referral by a customer",
    "Person": "mia",
    "Next action": "Call",
    "Next action on": "2026-11-24",
    "Agreed to marketing": "yes",
    "List": "Quotes: To quote",
    "Since": "2018-03-01",
    "Note": "Knows Bob",
}


@pytest.fixture
def bring(tmp_path):
    make_person("Mia")

    def bring(*rows: dict[str, str], **options) -> dict[str, int]:
        lines = [",".join(f'"{row.get(head, "")}"' for head in HEAD) for row in rows]
        file = tmp_path / "leads.csv"
        file.write_text("\n".join([",".join(HEAD), *lines]))
        call_command("import_csv", "leads", str(file), stdout=StringIO(), **options)
        return dict(Run.objects.order_by("-pk")[0].counts)

    return bring


def why(line: int = 2) -> str:
    return ImportRow.objects.order_by("-of", "line").filter(line=line)[0].reason


def test_every_column_comes_along(bring):
    Area.objects.create(name="Winelands", towns="Paarl")
    assert bring(ALICE) == {"created": 1}
    alice = Lead.objects.get()

    assert (alice.name, alice.phone, alice.other_phone, alice.email) == (
        "Alice Liddel",
        "+27821234567",
        "+27215551234",
        "alice@example.com",
    )
    assert (alice.lines, alice.town, alice.postal_code, alice.directions) == (
        "1 Main Road",
        "Paarl",
        "7646",
        "Green gate",
    )
    assert (str(alice.latitude), str(alice.longitude)) == ("-33.731800", "18.962100")
    assert (alice.area.name, alice.source.name, alice.owner.username) == (
        "Winelands",
        "Referral by a customer",
        "mia",
    )
    assert (alice.place, alice.step_since.date(), alice.next_action_on) == (
        "quote-new",
        date(2018, 3, 1),
        date(2026, 11, 24),
    )
    assert (alice.marketing, alice.origin, alice.notes.get().text) == (True, "import", "Knows Bob")
    assert alice.moves.get().why == "Imported."
    assert "8001015009087" not in str(list(ImportRow.objects.values_list("cells", "values")))


def test_a_second_time_adds_nothing_and_one_row_twice_is_one_lead(bring):
    assert bring(ALICE, ALICE) == {"created": 1, "skipped": 1}
    assert bring(ALICE) == {"skipped": 1}
    assert Lead.objects.count() == 1


def test_a_company_has_its_contact(bring):
    bring(
        {
            "Company name": "Mad Hatters",
            "First names": "Alice",
            "Surname": "Liddel",
            "Cell number": "0821234567",
        }
    )
    lead = Lead.objects.get()
    assert (lead.kind, lead.name, lead.contact_name, lead.place) == (
        "company",
        "Mad Hatters",
        "Alice Liddel",
        "lead-new",
    )


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"First names": "", "Surname": ""}, "no_name"),
        ({"Cell number": "12"}, "bad_phone"),
        ({"Email": "nobody"}, "bad_email"),
        ({"Latitude": "97"}, "bad_coordinates"),
        ({"Longitude": ""}, "bad_coordinates"),
        ({"Next action on": "soon"}, "bad_date"),
        ({"Since": "2199-01-01"}, "day_to_come"),
        ({"Agreed to marketing": "perhaps"}, "bad_yes"),
        ({"Type": "Robot"}, "bad_kind"),
        ({"Source": "Smoke signals"}, "unknown_source"),
        ({"Area": "The moon"}, "unknown_area"),
        ({"Person": "Nobody"}, "unknown_owner"),
        ({"List": "Job cards: New"}, "unknown_step"),
        ({"List": "won"}, "unknown_step"),
        ({"Town": "P" * 101}, "too_long"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(bring, wrong, reason):
    assert bring(ALICE | wrong) == {"refused": 1}
    assert why() == reason
    assert not Lead.objects.exists()


def test_who_is_like_somebody_known_comes_with_a_warning(bring):
    make_customer("Bob Bubble", contact={"phone": "+27821234567"})
    make_lead("Carol Carter", email="alice@example.com")
    assert bring(ALICE) == {"created": 1}
    assert set(ImportRow.objects.get(line=2).warnings) == {"like_customer", "like_lead"}


def test_who_misses_what_the_list_asks_for_waits_in_the_first_and_the_report_says_so(bring):
    Step.objects.filter(key="survey-new").update(gates=["address"])
    bob = ALICE | {"First names": "Bob", "Street": ""}
    assert bring(ALICE, bob, bob | {"First names": "Carol", "List": "Surveys: To schedule"}) == {"created": 3}
    assert dict(Lead.objects.values_list("first_names", "step")) == {
        "Alice": "quote-new",
        "Bob": "lead-new",
        "Carol": "lead-new",
    }
    assert [row.warnings for row in ImportRow.objects.order_by("line")] == [[], ["held_back"], ["held_back"]]
    assert Lead.objects.get(first_names="Bob").moves.get().to_step == "lead-new"
    assert not Survey.objects.exists()


def test_the_way_back_takes_what_nobody_touched(bring):
    mia_rows = (ALICE, ALICE | {"First names": "Bob"}, ALICE | {"First names": "Carol"})
    bring(*mia_rows)
    run = Import.objects.get().run
    _, bob, carol = Lead.objects.order_by("pk")
    leads.change(lead=bob, values={"wants": "More"}, actor=bob.owner, now=bob.created_at)
    leads.lose(leads=[carol.pk], reason=_reason(), words="", actor=carol.owner, now=carol.created_at)

    call_command("import_csv", roll_back=run.pk, stdout=StringIO())
    assert [lead.first_names for lead in Lead.objects.order_by("pk")] == ["Bob", "Carol"]


def _reason():
    from workflow.models import LostReason

    return LostReason.objects.get(name="No answer any more")


def test_a_thousand_rows_cost_as_many_questions_as_ten(bring, django_assert_max_num_queries):
    many = [ALICE | {"First names": f"Alice {number}", "Note": ""} for number in range(200)]
    with django_assert_max_num_queries(130):
        assert bring(*many) == {"created": 200}
