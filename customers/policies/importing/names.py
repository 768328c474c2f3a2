"""Surname and names in one cell, and what makes a name wanting (rule 5)."""

from __future__ import annotations

from dataclasses import dataclass

from customers.policies.names import LONGEST_NAME, full_name, has_letter, without_titles


@dataclass(frozen=True, slots=True)
class Person:
    """A person's names and surname, without titles."""

    names: str = ""
    surname: str = ""

    @property
    def full_name(self) -> str:
        return full_name(self.names, self.surname)


def read_person(text: str) -> Person:
    """ "Surname, Names" or "Names Surname"; a single word is the names."""
    if "," in text:
        surname, _, names = text.partition(",")
        return person_of(names=names, surname=surname)
    names, _, last = without_titles(text).rpartition(" ")
    return Person(names=names, surname=last) if names else Person(names=last)


def person_of(*, names: str, surname: str) -> Person:
    """A person whose names and surname stand apart."""
    return Person(names=without_titles(names), surname=without_titles(surname))


def name_faults(company_name: str, person: Person) -> list[str]:
    """Whether the customer lacks a name or has one that is too long."""
    faults = []
    if not has_letter(company_name or person.full_name):
        faults.append("missing_name")
    if max(len(company_name), len(person.full_name)) > LONGEST_NAME:
        faults.append("too_long")
    return faults


def contact_faults(company_name: str, person: Person) -> list[str]:
    """Whether a company has nobody to speak to."""
    return ["missing_contact"] if company_name and not has_letter(person.full_name) else []
