"""A file that a suggestion can be made of; tests take things out of it or spoil them."""

from dataclasses import replace
from datetime import date

from jingyi.core import rulebook
from jingyi.core.documents.model import Exhibit, Fact, File
from jingyi.core.law import Source

ON = date(2026, 9, 1)
AUTHOR = "沚阳市人民检察院"


def law(instrument, article):
    return Source(rulebook.instruments()[instrument], article)


CODE = law("ecological-code", "第一千零七十六条")
OLD = law("environmental-protection-law", "第六十四条")
EXHIBITS = {
    "file:1": Exhibit("file:1", "现场勘验笔录.pdf", "proof", "a" * 64),
    "file:2": Exhibit("file:2", "水质检测报告.pdf", "proof", "b" * 64),
    "event:1": Exhibit("event:1", "2026-07-01 决定立案", "record"),
    "model:1": Exhibit("model:1", "排污许可注销后仍排放", "screening"),
}
FACTS = (
    Fact("office", AUTHOR),
    Fact("organ", "沚阳市水务局", exhibits=("event:1",)),
    Fact("lead", "东津河暗管排污的线索", exhibits=("event:1",)),
    Fact("case_filed", "决定立案", date(2026, 7, 1), ("event:1",)),
    Fact("investigation_concluded", "调查终结", date(2026, 8, 20)),
    Fact("harm", "东津河下游三百米水体发黑。", date(2026, 8, 18), ("file:1", "file:2")),
    Fact("harm", "岸边耕地受浸。", date(2026, 8, 18), ("file:1",)),
    Fact("duty", "你单位负责本市排水管理。", date(2026, 8, 18), (), (CODE,)),
    Fact("breach", "接到反映后四十日未予查处。", date(2026, 8, 18), ("file:2",), (CODE,)),
    Fact("basis", "《生态环境法典》第一千零七十六条", date(2026, 8, 18), (), (CODE,)),
    Fact("ask", "封堵暗管"),
    Fact("ask", "查处违法排污"),
    Fact("reply_period", "两个月"),
    Fact("today", "", ON),
)
FILE = File(FACTS, EXHIBITS, frozenset({"case.filed", "investigation.concluded"}), "administrative")


def without(name):
    return replace(FILE, facts=tuple(fact for fact in FACTS if fact.name != name))


def with_changed(name, **changes):
    return replace(
        FILE,
        facts=tuple(replace(fact, **changes) if fact.name == name else fact for fact in FACTS),
    )
