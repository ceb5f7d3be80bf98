"""An office's own models: checked, versioned, compared with what there is."""

import pytest
from django.http import Http404

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.core.screening.reader import ModelRefused
from jingyi.web.screening import library
from jingyi.web.screening.actions import writing
from jingyi.web.screening.models import OwnModel
from tests.factories import AT
from tests.web.screening.conftest import SLUG

pytestmark = pytest.mark.django_db


@pytest.fixture
def files():
    return rulebook.folder(f"screening/{SLUG}")


def write(city, by, files, slug="own-model", note="试写"):
    return writing.write(office=city.office, slug=slug, files=files, note=note, by=by, at=AT)


def test_a_version_is_added_and_none_overwritten(city, technician, files):
    first = write(city, technician, files)
    second = write(city, technician, files, note="再写")
    assert (first.version, second.version) == (1, 2)
    assert library.model("own-model", city.office).version == 2
    writing.retire(model=second, by=technician, at=AT)
    assert library.model("own-model", city.office).version == 1
    writing.revive(model=second, by=technician, at=AT)
    assert library.model("own-model", city.office).version == 2


def test_an_offices_version_of_a_shipped_model_comes_after_it(city, technician, files):
    shipped = library.model(SLUG, city.office).version
    assert write(city, technician, files, slug=SLUG).version == shipped + 1


def test_offices_below_run_it_and_those_beside_do_not(city, technician, files):
    write(city, technician, files)
    assert library.model("own-model", city.east).id == "own-model"
    with pytest.raises(Refusal):
        library.model("own-model", city.elsewhere)


def test_an_example_that_does_not_hold_is_refused_with_what_is_wrong(city, technician, files):
    files["query.sql"] = files["query.sql"].replace(">= $least", "> $least + 100000")
    with pytest.raises(writing.WrongExample, match="没有命中"):
        write(city, technician, files)
    assert not OwnModel.objects.exists()


@pytest.mark.parametrize("change", [
    {"query.sql": "SELECT * FROM read_csv('/etc/passwd')"}, {"query.sql": ""}, {"model.toml": "version = 1"},
])  # fmt: skip
def test_what_is_no_model_is_refused(city, technician, files, change):
    with pytest.raises(ModelRefused):
        write(city, technician, files | change)


def test_without_an_example_it_does_not_load(city, technician, files):
    bare = {name: text for name, text in files.items() if not name.startswith("examples/")}
    with pytest.raises(ModelRefused, match="示例"):
        write(city, technician, bare)


def test_who_may_not_write_is_a_stranger(city, alice, charlie, files):
    for one in (alice, charlie):
        with pytest.raises(Http404):
            write(city, one, files)
