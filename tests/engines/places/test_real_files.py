"""Files that others drew, as they are: read, mended by the stated rule, written and read again."""

from pathlib import Path

import pytest

from jingyi.core.places import shapes
from jingyi.core.places.records import read
from jingyi.core.refusal import Refusal
from jingyi.engines.places import child, files
from jingyi.engines.places.base import Feature, Group, bounded

HERE = Path(__file__).parents[4] / "shared/data/places"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not HERE.is_dir(), reason="../shared/data/places is not on this machine"),
]


def records(path):
    return [
        read(row.number, row.told, row.geometry, row.frame, fault=row.fault)
        for row in bounded(child.rows(path))
    ]


@pytest.mark.parametrize(
    ("pattern", "least"),
    [
        ("natural_earth/*.json", 4_000),
        ("geomap_lyhmyd/**/*.json", 150),
        ("counties_anhui_geojson/*/*.geojson", 100),
        ("unesco_whc-sites-2019.csv", 1_000),
    ],
)
@pytest.mark.slow
def test_real_shapes_are_read_and_nearly_all_are_sound(pattern, least):
    found = [one for path in sorted(HERE.glob(pattern)) for one in records(path)]
    assert len(found) >= least
    refused = [one for one in found if one.fault]
    assert len(refused) <= 0.03 * len(found), [str(one.fault) for one in refused][:5]
    for one in found:
        if one.geometry and "Polygon" in one.geometry["type"]:
            again = shapes.read(one.geometry)  # what was mended needs no mending
            assert again.repairs == ()
            assert again.geometry == one.geometry


@pytest.mark.parametrize("form", files.FORMATS)
@pytest.mark.slow
def test_real_shapes_come_back_from_every_format(form, tmp_path):
    found = [
        one
        for path in sorted(HERE.glob("counties_anhui_geojson/合肥市/*"))
        for one in records(path)
    ]
    features = tuple(Feature(one.geometry, dict(one.told)) for one in found)
    path = tmp_path / "made"
    path.write_bytes(files.write(form, [Group("places", ("code", "name"), features)]))
    back = {one.told["code"]: one.geometry for one in records(path)}
    assert len(back) == len(found) > 5
    for one in found:
        assert shapes.same(back[one.told["code"]], one.geometry)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("heritage_national/32.json", "没有 GeoJSON 要素"),
        ("divisions_modood/areas.csv", "没有坐标"),
    ],
)
def test_what_has_no_coordinates_is_refused_with_what_it_lacks(name, why):
    with pytest.raises(Refusal, match=why):
        records(HERE / name)
