"""The zones of law of the demo city: sound, dated, and apart where the rule takes one from another."""

from datetime import date

from shapely.geometry import shape

from jingyi.core.places.book import book
from jingyi.demo.geography.protected import protected
from jingyi.demo.geography.zones import zones


def test_every_place_of_a_kind_that_has_zones_has_them():
    kinds = {one.code: one.kind for one in protected()}
    for code, kind in kinds.items():
        own = {one.kind for one in zones() if one.code == code}
        assert own, code
        assert own <= set(book().kinds[kind].zones)


def test_zones_are_sound_and_those_of_one_notice_do_not_overlap():
    for code in {one.code for one in zones()}:
        own = [one for one in zones() if one.code == code]
        assert all(shape(one.geometry).is_valid for one in own)
        for n, one in enumerate(own):
            for other in own[:n]:
                if one.since == other.since:
                    both = shape(one.geometry).intersection(shape(other.geometry)).area
                    assert both < 0.02 * shape(one.geometry).area


def test_one_zone_follows_another_without_a_gap():
    old = [one for one in zones() if one.until]
    assert {one.until for one in old} == {date(2013, 5, 19)}
    for one in old:
        assert any(z.code == one.code and z.since == date(2013, 5, 20) for z in zones())
