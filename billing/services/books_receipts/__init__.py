"""Receipts come down from the books kept elsewhere: new, changed and deleted ones, each booked once."""

from .booking import AT_ONCE, JOB, Taken, gone, take, take_again
from .reading import SET_UP_JOB, WHOLE_JOB, all_of_them, by_the_hour, every_night, look_again, read
from .setting_up import look, map_account
from .settling import give, leave

__all__ = [
    "AT_ONCE",
    "JOB",
    "SET_UP_JOB",
    "WHOLE_JOB",
    "Taken",
    "all_of_them",
    "by_the_hour",
    "every_night",
    "give",
    "gone",
    "leave",
    "look",
    "look_again",
    "map_account",
    "read",
    "take",
    "take_again",
]
