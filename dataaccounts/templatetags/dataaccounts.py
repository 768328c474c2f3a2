"""Octets and speeds in templates."""

from django import template

from dataaccounts.policies.measures import octets_in_words, speed_in_words

register = template.Library()
register.filter("octets", octets_in_words)
register.filter("speed", speed_in_words)
