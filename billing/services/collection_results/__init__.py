"""Results of collections: taken in once each, booked as receipts and reversals, with what follows."""

from .booking import KIND, Booked, book, carry_out, finish, start
from .doubts import give, match, name_other
from .taking import take
from .unanswered import give_up, unanswered

__all__ = [
    "KIND",
    "Booked",
    "book",
    "carry_out",
    "finish",
    "give",
    "give_up",
    "match",
    "name_other",
    "start",
    "take",
    "unanswered",
]
