"""Customer codes in a file (rule 4) and the codes that an import gives out (rule 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from customers.policies.codes import company_letters, individual_letters, lowest_free, numbered
from customers.policies.importing.names import Person


def squeeze(text: str) -> str:
    """`text` as a code: spaces out, upper case."""
    return text.replace(" ", "").upper()


def letters_for(company_name: str, person: Person) -> str:
    """The three letters with which the customer's code begins."""
    if company_name:
        return company_letters(company_name)
    return individual_letters(person.names, person.surname)


def generated(letters: Iterable[str], taken: Set[str]) -> Iterator[str]:
    """A free code for each of `letters`, in their order, each the lowest that is left."""
    following: dict[str, int] = {}
    for three in letters:
        number = lowest_free(three, taken, following.get(three, 1))
        following[three] = number + 1
        yield numbered(three, number)
