"""Octets, speeds and causes in templates."""

from django import template

from dataaccounts.policies.causes import cause_in_words
from dataaccounts.policies.measures import octets_in_words, speed_in_words

register = template.Library()
register.filter("cause", cause_in_words)
register.filter("octets", octets_in_words)
register.filter("speed", speed_in_words)
