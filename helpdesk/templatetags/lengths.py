"""Lengths of time in templates."""

from django import template

from helpdesk.policies.lengths import in_short

register = template.Library()
register.filter("in_short", in_short)
