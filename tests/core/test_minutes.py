"""Minutes tell a meeting whole; what is not finished says so."""

from datetime import date

from jingyi.core.minutes import Guided, Met, Spoken, Task, minutes

DAY = date(2026, 9, 1)


def told(*, closed=True, **values):
    given = {
        "carried": [Task("补测断面", "张三", DAY, "尚待说明")],
        "spoken": [Spoken("第五检察部", "河道整治\n见效", "", [Task("走访社区", "李四", DAY)])],
        "guidance": [Guided("省院", DAY, "要聚焦主业", "某通知")],
    } | values
    met = Met("沚阳市人民检察院", "第三次推进会", DAY, "", "周检", **given, closed=closed)
    paper = minutes(met)
    assert minutes(met) == type(paper).from_json(paper.to_json())
    return [p.text for p in paper.paragraphs]


def test_everything_said_is_in_the_minutes():
    lines = told()
    assert "1. 补测断面（责任人：张三，时限：2026年9月1日）。尚待说明。" in lines
    assert "1. 走访社区（责任人：李四，时限：2026年9月1日）。" in lines
    assert lines[lines.index("亮点：河道整治") + 1] == "见效"
    assert "问题：无。" in lines
    assert "省院2026年9月1日指出（某通知）：要聚焦主业" in lines
    assert "答复：尚未答复。" in lines
    assert not [line for line in lines if line.startswith("地点")]


def test_a_draft_says_that_it_is_one():
    assert any("草稿" in line for line in told(closed=False))
    assert not any("草稿" in line for line in told())


def test_nothing_is_said_as_nothing():
    lines = told(carried=[], guidance=[], spoken=[])
    assert lines.count("无。") == 2
