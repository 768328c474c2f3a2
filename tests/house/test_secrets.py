"""A safe's combination: written once, shown masked, read by those who may, for a reason that is kept."""

import copy
import pickle

import pytest
from django import forms
from django.core.exceptions import FieldError, PermissionDenied
from django.core.management import call_command
from django.core.serializers import serialize
from django.db import connection

from herotill import audit
from herotill.errors import DomainError
from herotill.models import AuditEvent, SecretReveal
from herotill.secrets import (
    EncryptedStore,
    Secret,
    UnreadableSecret,
    decrypt,
    encrypt,
    encrypted_stores,
    reveal,
)
from herotill.secrets.keys import renewed
from herotill.users.models import User
from tests.factories import make_customer, make_person
from tests.sampleapp.models import Gadget, Safe

COMBINATION = "1234-5678-9012"
OPENS = ("sampleapp.view_safe", "sampleapp.see_combination")


@pytest.fixture
def alice() -> User:
    return make_person("Alice", *OPENS)


def stored(safe: Safe) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT combination FROM sampleapp_safe WHERE id = %s", [safe.pk])
        return cursor.fetchone()[0]


def test_any_text_is_a_key_and_comes_back_through_it(settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["kluis sleutel, é"]
    assert decrypt(encrypt("hé, 12 34")) == "hé, 12 34"
    assert encrypt("same") != encrypt("same")


def test_a_new_key_opens_what_the_old_one_closed_but_not_the_other_way_round(settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["old"]
    old = encrypt("secret")
    settings.FIELD_ENCRYPTION_KEYS = ["new", "old"]
    assert decrypt(old) == "secret"
    fresh = renewed(old)
    assert renewed(fresh) == fresh
    settings.FIELD_ENCRYPTION_KEYS = ["old"]
    with pytest.raises(UnreadableSecret):
        decrypt(fresh)


def test_an_error_names_neither_token_nor_text(settings) -> None:
    token = encrypt("secret")
    settings.FIELD_ENCRYPTION_KEYS = ["another"]
    with pytest.raises(UnreadableSecret) as trouble:
        decrypt(token)
    assert token not in str(trouble.value)
    assert trouble.value.__cause__ is None


@pytest.mark.django_db
def test_the_database_holds_ciphertext_and_the_last_four() -> None:
    safe = Safe.objects.create(name="Front", combination=COMBINATION)
    assert COMBINATION not in stored(safe)
    assert decrypt(stored(safe)) == COMBINATION
    again = Safe.objects.get()
    assert again.combination_last_four == "9012"
    assert str(again.combination) == "•••• 9012"


@pytest.mark.django_db
def test_no_way_of_showing_an_object_shows_its_secret() -> None:
    Safe.objects.create(name="Front", combination=COMBINATION)
    safe = Safe.objects.get()
    shown = [
        repr(safe.combination),
        f"{safe.combination}",
        str(vars(safe)),
        str(Safe.objects.values().get()),
        serialize("json", [safe]),
        str(pickle.dumps(safe)),
        str(copy.deepcopy(safe).combination),
    ]
    assert not [text for text in shown if COMBINATION in text]
    assert "•••• 9012" in shown[1]


@pytest.mark.django_db
def test_of_a_short_secret_nothing_is_shown() -> None:
    safe = Safe.objects.create(name="Front", combination="1234567")
    assert (str(safe.combination), safe.combination_last_four) == ("••••", "")


@pytest.mark.django_db
def test_saving_again_writes_the_same_ciphertext_and_makes_no_event() -> None:
    Safe.objects.create(name="Front", combination=COMBINATION)
    safe = Safe.objects.get()
    before, events = stored(safe), AuditEvent.objects.count()
    safe.save()
    assert (stored(safe), AuditEvent.objects.count()) == (before, events)


@pytest.mark.django_db
def test_a_secret_can_be_emptied_and_left_out() -> None:
    safe = Safe.objects.create(name="Front", combination=COMBINATION)
    safe.combination = ""
    safe.save()
    assert (stored(safe), safe.combination_last_four, bool(safe.combination), str(safe.combination)) == (
        "",
        "",
        False,
        "",
    )
    assert str(Safe.objects.defer("combination").get().combination) == ""


@pytest.mark.django_db
def test_bulk_create_encrypts_and_update_refuses() -> None:
    Safe.objects.bulk_create([Safe(name="Front", combination=COMBINATION)])
    assert decrypt(stored(Safe.objects.get())) == COMBINATION
    with pytest.raises(TypeError, match="last four"):
        Safe.objects.update(combination="9999-9999")


@pytest.mark.django_db
def test_nobody_searches_by_a_secret() -> None:
    with pytest.raises(FieldError, match="cannot be searched"):
        Safe.objects.filter(combination=COMBINATION)
    with pytest.raises(FieldError, match="cannot be searched"):
        Safe.objects.filter(combination__startswith="12")


class SafeForm(forms.ModelForm):
    class Meta:
        model = Safe
        fields = ["name", "combination"]


@pytest.mark.django_db
def test_a_form_shows_an_empty_box_and_keeps_what_is_there_when_left_empty() -> None:
    Safe.objects.create(name="Front", combination=COMBINATION)
    safe = Safe.objects.get()
    token = safe.combination.token
    assert token not in str(SafeForm(instance=safe))
    assert SafeForm({"name": "Back", "combination": ""}, instance=safe).save().combination.token == token
    changed = SafeForm({"name": "Back", "combination": "5555-6666-7777"}, instance=safe).save()
    assert changed.combination_last_four == "7777"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "shown"), [("1234567\x00", "567·"), ("1234\r\n\x7f\x00", "····"), ("1234é~ 9", "é~ 9")]
)
def test_what_cannot_be_shown_is_a_dot_in_the_last_four(text: str, shown: str) -> None:
    safe = Safe.objects.create(name="Front", combination=text)
    assert Safe.objects.get(pk=safe.pk).combination_last_four == shown


@pytest.mark.django_db
def test_s25_the_audit_keeps_changed_and_the_last_four() -> None:
    safe = Safe.objects.create(name="Front", combination=COMBINATION)
    safe.combination = "5555-6666-7777"
    safe.save()
    safe.combination = "8888-6666-7777"
    safe.save()
    last, change, added = audit.trail(model="sampleapp.safe").entries
    assert (added.changes[1].old, added.changes[1].new) == ("", "•••• 9012")
    assert (change.changes[0].old, change.changes[0].new) == ("•••• 9012", "•••• 7777")
    assert (last.changes[0].old, last.changes[0].new) == ("•••• 7777", "•••• 7777")


@pytest.mark.django_db
def test_alice_reads_a_secret_for_a_reason_and_it_is_recorded_who_why_and_from_where(alice: User) -> None:
    customer = make_customer("Carol Coin")
    gadget = Gadget.objects.create(customer=customer, name="Router", licence="AAAA-BBBB-CCCC")
    bob = make_person("Bob", "sampleapp.see_licence")
    with audit.acting(actor=bob, source="/customers/CAR001/", ip="10.0.0.9"):
        text = reveal(obj=gadget, field="licence", actor=bob, reason="  Customer asked on the phone ")
    assert text == "AAAA-BBBB-CCCC"
    kept = SecretReveal.objects.get()
    assert (kept.actor_id, kept.reason, kept.source, kept.ip) == (
        bob.pk,
        "Customer asked on the phone",
        "/customers/CAR001/",
        "10.0.0.9",
    )
    assert (kept.model, kept.object_id, kept.field, kept.name) == (
        "sampleapp.gadget",
        str(gadget.pk),
        "licence key",
        "Router",
    )
    entry = audit.trail(viewer=alice, customer_id=customer.pk).entries[0]
    assert (entry.what, entry.who) == ("Secret shown Router", "Bob")


@pytest.mark.django_db
def test_dora_without_the_right_and_alice_without_a_reason_read_nothing(alice: User) -> None:
    safe = Safe.objects.create(name="Front", combination=COMBINATION)
    with pytest.raises(PermissionDenied):
        reveal(
            obj=safe, field="combination", actor=make_person("Dora", "sampleapp.view_safe"), reason="Curious"
        )
    with pytest.raises(DomainError, match="Say why"):
        reveal(obj=safe, field="combination", actor=alice, reason="   ")
    with pytest.raises(TypeError):
        reveal(obj=safe, field="name", actor=alice, reason="Curious")
    assert not SecretReveal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_secret_is_not_read_where_its_record_could_still_be_undone() -> None:
    from django.db import transaction

    alice = make_person("Alice", *OPENS)
    safe = Safe.objects.create(name="Front", combination=COMBINATION)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        reveal(obj=safe, field="combination", actor=alice, reason="Locked out")
    assert reveal(obj=safe, field="combination", actor=alice, reason="Locked out") == COMBINATION


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE house_secretreveal SET reason = 'other'", "DELETE FROM house_secretreveal"]
)
def test_what_was_shown_to_whom_stays_on_record(alice: User, statement: str) -> None:
    safe = Safe.objects.create(name="Front", combination=COMBINATION)
    reveal(obj=safe, field="combination", actor=alice, reason="Locked out")
    with pytest.raises(Exception, match="only ever added to"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_s25_after_reencryption_the_old_key_opens_nothing(settings, capsys) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["old"]
    customer = make_customer("Carol Coin")
    for number in range(5):
        Safe.objects.create(name=f"Safe {number}", combination=f"{COMBINATION}-{number}")
        Gadget.objects.create(customer=customer, name="Router", licence=f"AAAA-BBBB-{number}")
    Safe.objects.create(name="Empty")
    elsewhere = [encrypt("kept elsewhere")]

    def batches():
        elsewhere[0] = renewed(elsewhere[0])
        yield 1

    encrypted_stores.register(EncryptedStore("elsewhere", batches))
    events = AuditEvent.objects.count()
    settings.FIELD_ENCRYPTION_KEYS = ["new", "old"]
    call_command("reencrypt", batch=2)
    encrypted_stores.unregister("elsewhere")
    assert "11 secrets" in capsys.readouterr().out
    assert AuditEvent.objects.count() == events

    tokens = [*elsewhere, *(safe.combination.token for safe in Safe.objects.exclude(name="Empty"))]
    tokens += [gadget.licence.token for gadget in Gadget.objects.all()]
    settings.FIELD_ENCRYPTION_KEYS = ["old"]
    for token in tokens:
        with pytest.raises(UnreadableSecret):
            decrypt(token)
    settings.FIELD_ENCRYPTION_KEYS = ["new"]
    assert len([decrypt(token) for token in tokens]) == 11


@pytest.mark.django_db
def test_reencryption_goes_on_where_it_was_killed(settings, capsys) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["old"]
    for number in range(4):
        Safe.objects.create(name=f"Safe {number}", combination=COMBINATION)
    settings.FIELD_ENCRYPTION_KEYS = ["new", "old"]
    first = Safe.objects.order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sampleapp_safe SET combination = %s WHERE id = %s", [renewed(stored(first)), first.pk]
        )
    before = stored(first)
    call_command("reencrypt", batch=3)
    assert "sampleapp.Safe.combination: 3" in capsys.readouterr().out
    assert stored(first) == before
    call_command("reencrypt")
    assert "0 secrets" in capsys.readouterr().out


def test_a_secret_equals_only_itself() -> None:
    one = Secret.of("1234-5678")
    assert one == Secret(one.token)
    assert one != Secret.of("1234-5678")
    assert len({one, Secret(one.token)}) == 1
