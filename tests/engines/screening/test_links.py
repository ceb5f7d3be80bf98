"""Tables without a key: planted pairs are found with their names mistyped, strangers are not."""

from datetime import date, timedelta
from random import Random

import pyarrow as pa
import pytest

from jingyi.core import rulebook
from jingyi.core.screening import book
from jingyi.core.screening.compile import bound
from jingyi.core.screening.linking import linked
from jingyi.core.screening.model import Link, LinkField
from jingyi.core.screening.reader import ModelRefused, read_model
from jingyi.engines.screening import duck
from jingyi.engines.screening.base import schema_of

PEOPLE = Link(
    "same", "a", "b", (LinkField("name", "name", "person"), LinkField("born", "born", "date"))
)
FIRMS = Link(
    "same", "a", "b", (LinkField("name", "name", "organisation"), LinkField("at", "at", "text"))
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰涛明超兰霞平刚桂英建国玉梅志华文斌海燕晓红波辉鹏飞雪琴浩然子轩思雨"
)
SAME_SOUND = {"伟": "威", "芳": "方", "敏": "闽", "静": "净", "磊": "垒", "杰": "洁", "涛": "滔", "明": "鸣", "志": "智", "华": "骅", "辉": "晖", "燕": "雁"}  # fmt: skip
BRANDS = "金鼎宏源万顺恒泰瑞丰天成华业永盛中兴百川德信安康隆昌伟嘉和顺新远"
TRADES = ("化工", "印染", "电镀", "食品", "建材", "纺织", "机械")


def people(dice, n):
    """Return registers of `n` people each, half of whom are in both, some mistyped; and the truth."""
    left, right, truth = [], [], set()
    for row in range(1, n + 1):
        name = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2))
        born = date(1950, 1, 1) + timedelta(days=dice.randrange(20_000))
        left.append({"row": row, "name": name, "born": born})
        if row % 2:
            other = "".join(SAME_SOUND.get(one, one) for one in name) if row % 3 == 0 else name
            right.append({"row": row, "name": other, "born": born})
            truth.add((row, row))
        else:
            stranger = dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2))
            day = date(1950, 1, 1) + timedelta(days=dice.randrange(20_000))
            right.append({"row": row, "name": stranger, "born": day})
    dice.shuffle(right)
    return left, right, truth


def test_people_are_found_by_name_and_birth_with_mistyped_names():
    left, right, truth = people(Random(5), 2000)
    found = {(one.left, one.right) for one in linked(PEOPLE, left, right) if one.weight >= 15}
    precision, recall = len(found & truth) / len(found), len(found & truth) / len(truth)
    assert 2 * precision * recall / (precision + recall) > 0.98


def test_firms_are_found_by_brand_and_address():
    dice, left, right, truth = Random(6), [], [], set()
    for row in range(1, 401):
        brand = "".join(dice.sample(BRANDS, 3))
        trade, street = (
            dice.choice(TRADES),
            f"{dice.choice('东西南北')}环路{dice.randrange(1, 900)}号",
        )
        left.append({"row": row, "name": f"蚌埠市{brand}{trade}有限公司", "at": f"蚌埠市{street}"})
        if row % 2:
            right.append({"row": row, "name": f"{brand}{trade}有限责任公司", "at": street})
            truth.add((row, row))
        else:
            other = "".join(dice.sample(BRANDS, 3))
            right.append({"row": row, "name": f"蚌埠市{other}{trade}厂", "at": f"和平路{row}号"})
    found = {(one.left, one.right) for one in linked(FIRMS, left, right) if one.weight >= 12}
    assert len(found & truth) / len(truth) > 0.97
    assert len(found & truth) / len(found) > 0.97


def test_a_pair_weighs_more_where_more_agrees():
    def weight(**other):
        left = [{"row": 1, "name": "欧阳建国", "born": date(1978, 3, 4)}]
        right = [{"row": 1, **{"name": "欧阳建国", "born": date(1978, 3, 4)} | other}]
        return next(iter(linked(PEOPLE, left, right)), None)

    whole, swapped = weight(), weight(born=date(1978, 4, 3))
    missing, differs = weight(born=None), weight(born=date(1990, 1, 1))
    assert whole.weight > swapped.weight > missing.weight > differs.weight
    assert whole.probability > 0.99 > differs.probability


def test_what_has_no_name_meets_nobody():
    rows = [
        {"row": 1, "name": "", "born": date(1978, 3, 4)},
        {"row": 2, "name": None, "born": None},
    ]
    assert linked(PEOPLE, rows, rows) == []


def test_hits_of_the_engine_carry_the_weight():
    model = book.model("food-ban-by-name")
    example = model.examples[-1]
    tables = {
        one.name: pa.Table.from_pylist(
            [{"row": n, **row} for n, row in enumerate(example.tables[one.name], 1)],
            schema=schema_of(one),
        )
        for one in model.sources
    }
    hits = duck.run(model, tables, bound(model)).hits.to_pylist()
    assert [one["weight"] for one in hits] == [one["weight"] for one in example.hits]


@pytest.mark.parametrize(("old", "new"), [
    ('kind = "person"', 'kind = "text"'),  # no name to find candidates by
    ('left = "person_name"', 'left = "nothing"'),
    ('left = "judgment"', 'left = "nowhere"'),
    ('name = "same_person"', 'name = "judgment"'),
])  # fmt: skip
def test_a_link_that_cannot_be_made_does_not_load(old, new):
    files = rulebook.folder("screening/food-ban-by-name")
    assert old in files["model.toml"]
    files["model.toml"] = files["model.toml"].replace(old, new, 1)
    with pytest.raises(ModelRefused):
        read_model(
            "food-ban-by-name", files, rulebook.instruments(), book.columns(), book.domains()
        )
