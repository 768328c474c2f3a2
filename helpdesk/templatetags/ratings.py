"""Ratings in templates."""

from django import template

from helpdesk.policies.ratings import in_stars

register = template.Library()
register.filter("in_stars", in_stars)
