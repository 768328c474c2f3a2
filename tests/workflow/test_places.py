"""Where places lie from another, how they are drawn, and which area a town belongs to."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.policies import areas, lead_map, places
from workflow.policies.lead_map import Site
from workflow.policies.places import Point

CAPE_TOWN, JOHANNESBURG = Point(-33.9249, 18.4241), Point(-26.2041, 28.0473)
HOME = Point(-33.7318, 18.9621)
points = st.builds(Point, st.floats(-35, -22), st.floats(16, 33))
near = st.builds(Point, st.floats(-33.9, -33.5), st.floats(18.8, 19.2))


def test_distance_and_bearing_of_two_towns():
    assert round(places.metres(CAPE_TOWN, JOHANNESBURG) / 1000) == 1262
    assert places.wind(places.bearing(CAPE_TOWN, JOHANNESBURG)) == "NE"
    assert places.metres(HOME, HOME) == 0


@pytest.mark.parametrize(
    ("there", "angle", "wind"),
    [
        (Point(-33.6, 18.9621), 0, "N"),
        (Point(-33.7318, 19.2), 90, "E"),
        (Point(-33.9, 18.9621), 180, "S"),
        (Point(-33.7318, 18.7), 270, "W"),
    ],
)
def test_one_looks_north_east_south_and_west(there, angle, wind):
    found = places.bearing(HOME, there)
    assert min(abs(found - angle), abs(found - angle - 360)) < 0.2
    assert places.wind(found) == wind


@given(points, points)
def test_it_is_as_far_there_as_back(here, there):
    assert abs(places.metres(here, there) - places.metres(there, here)) < 0.01
    assert 0 <= places.bearing(here, there) < 360 + 1e-9


@pytest.mark.parametrize(
    ("metres", "said"), [(4, "0 m"), (483, "480 m"), (949, "950 m"), (3240, "3.2 km"), (41_400, "41 km")]
)
def test_distances_are_said_as_people_say_them(metres, said):
    assert places.in_words(metres) == said


@given(st.lists(near, max_size=12))
def test_every_site_stands_on_the_paper_and_no_two_names_on_each_other(sites):
    picture = lead_map.draw(HOME, [Site(f"S{number}", point) for number, point in enumerate(sites)])
    for x, y in [(picture.x, picture.y), *((mark.x, mark.y) for mark in picture.marks)]:
        assert 0 <= x <= picture.width
        assert 0 <= y <= picture.height
    heights = sorted(mark.label_y for mark in picture.marks)
    assert all(two - one >= lead_map.LINE - 1e-6 for one, two in pairwise(heights))
    assert len(picture.marks) <= lead_map.NEAREST
    assert 0 < picture.bar <= picture.width / 3 or picture.bar_says == "100 m"


def test_the_nearest_come_first_and_the_chosen_one_is_never_left_out():
    far = Site("Chosen", Point(-32.0, 21.0), chosen=True)
    close = [Site(f"S{number}", Point(-33.73 - number / 100, 18.96)) for number in range(9)]
    names = [mark.name for mark in lead_map.draw(HOME, [far, *close]).marks]
    assert names == ["S0", "S1", "S2", "S3", "S4", "S5", "Chosen"]


def test_without_sites_the_picture_says_so():
    assert lead_map.draw(HOME, []).says == "No highsite with coordinates is within 120 km."


def test_a_suburb_decides_before_its_town_in_whatever_writing():
    known = areas.by_place([(1, "Paarl\nKlein-Parys"), (2, "Klein Parys\nWellington\n\n")])
    assert areas.area_of("klein parys", "Wellington", known) == 1
    assert areas.area_of("Elsewhere", "WELLINGTON", known) == 2
    assert areas.area_of("", "", known) is None
