"""A name that covers a whole town or river tells nothing apart where everybody uses it."""

from math import isnan

import numpy as np
import pyarrow as pa

from jingyi.core.triage import book
from jingyi.core.triage.name_kernels import pair_bucket
from jingyi.core.triage.pipeline import triage
from jingyi.core.triage.place import Known

RIVER = Known("沚蘋河", float("nan"), float("nan"), 20_000.0)
TOWN = Known("柳堰镇", 122.9, 33.6, 2_500.0)
VILLAGE = Known("鱼梁村", 122.93, 33.61, 700.0)


def rows(*texts):
    return pa.table({"id": [str(n) for n in range(len(texts))], "text": list(texts)})


def test_names_of_wide_places_weigh_nothing_and_others_what_they_did():
    plain, ours = book.load(), book.for_office(gazetteer=[RIVER, TOWN, VILLAGE])
    size = len(plain.model.rarity)
    changed = np.flatnonzero(plain.model.rarity != ours.model.rarity)

    wide = {
        pair_bucket(ord(name[n]), ord(name[n + 1]), size)
        for name in ("沚蘋河", "柳堰镇")
        for n in range(2)
    }
    assert set(changed.tolist()) == wide
    assert not ours.model.rarity[list(wide)].any()
    assert plain.model.rarity[list(wide)].all()  # the shipped book is not touched


def test_two_matters_on_one_river_are_two_incidents():
    table = rows("沚蘋河边有人倾倒垃圾，臭气熏天。", "沚蘋河上有船夜里采砂，堤都塌了。")
    plain = triage(table, book.load())["incident"].to_pylist()
    ours = triage(table, book.for_office(gazetteer=[RIVER]))["incident"].to_pylist()

    assert len(set(plain)) == 1
    assert len(set(ours)) == 2


def test_a_river_known_by_name_alone_says_no_spot():
    found = triage(rows("沚蘋河水发黑发臭。"), book.for_office(gazetteer=[RIVER])).to_pylist()[0]

    assert found["lon"] is None or isnan(found["lon"])
