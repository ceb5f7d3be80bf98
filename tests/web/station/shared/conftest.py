"""Two organs with people, an office over them, and one file of a ledger."""

import csv
import io
from datetime import UTC, datetime

import pytest

from jingyi.web.station.shared.actions import uploads
from tests import factories

AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
HEADS = ["处罚决定书文号", "被处罚人", "身份证号", "联系电话", "违法行为", "罚款金额", "立案日期",
         "决定日期", "送达日期", "缴款日期", "申请强制执行日期"]  # fmt: skip
ROWS = [
    ["沚水罚〔2026〕1号", "王小明", "340602199001011234", "13812345678", "河道内非法取土", "20000",
     "2025-11-03", "2026-01-28", "2026-01-30", "", ""],
    ["沚水罚〔2026〕2号", "沚阳市明光电镀有限公司", "", "", "超标排放", "100000",
     "2026-01-05", "2026-03-10", "2026-03-12", "2026-03-20", ""],
    ["沚水罚〔2026〕3号", "李四", "", "", "私设排污口", "50000", "2026-06-01", "", "", "", ""],
]  # fmt: skip


def as_csv(rows=ROWS, heads=HEADS):
    out = io.StringIO()
    csv.writer(out).writerows([heads, *rows])
    return out.getvalue().encode()


@pytest.fixture
def tang(city):
    """The liaison of the water bureau."""
    return factories.person("tang", role="liaison", organ=city.water)


@pytest.fixture
def leader(city):
    """The leader of the water bureau."""
    return factories.person("leader", role="organ-leader", organ=city.water)


@pytest.fixture
def shen(city):
    """The liaison of another organ of the same city."""
    return factories.person("shen", role="liaison", organ=city.market)


@pytest.fixture
def take(city, tang):
    """Import rows for the water bureau; return the file."""

    def take(rows=ROWS, heads=HEADS, kind="penalty", at=AT, name="台账.csv", **mapping):
        made = uploads.look_at(
            organ=city.water, kind=kind, chunks=[as_csv(rows, heads)], name=name, by=tang, at=at
        )
        return uploads.take_in(upload=made, mapping=made.mapping | mapping, by=tang, at=at)

    return take


@pytest.fixture
def taken(take):
    return take()
