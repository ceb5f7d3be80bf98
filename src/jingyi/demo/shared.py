"""The shared ledgers of two organs with last days near, clues both ways, one joint inspection.

The files go through the real import. No clue becomes a lead: the number of leads is the city's own.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from jingyi.demo.institutions import Institutions
from jingyi.demo.stories import NOW
from jingyi.web.leads.models import Incident
from jingyi.web.station.shared.actions import clues, joint, uploads
from jingyi.web.station.shared.jobs import warn
from jingyi.web.station.shared.models import Clue

TODAY = timezone.localdate(NOW)
PEOPLE = ("陈远航", "梁冬生", "葛秀云", "仇家保", "沙文斌", "阎巧珍")
FIRMS = (
    "沚阳市临津电镀厂", "沚阳市白鹭食品有限公司", "沚阳市同丰砂石经营部", "东津区老渡口小吃店",
    "沚阳市禾盛农资有限公司", "沚阳市云桥药房连锁有限公司", "望梧区新岸超市", "沚阳市恒岳建材有限公司",
)  # fmt: skip
WATER = ("未经批准在河道内取土", "擅自设置排污口", "未经批准取水", "在河道内堆放弃土", "超计划取水")
MARKET = ("经营超过保质期的食品", "未取得许可从事食品经营", "销售不合格农资", "未按规定储存药品",
          "虚假标注生产日期")  # fmt: skip


def load(made: Institutions) -> None:
    """Share the ledgers, send the clues, hold the inspection, and warn as the daily job does."""
    at = NOW - timedelta(hours=3)
    files = (
        ("tang", "zy-water", "unperformed", "未履行行政处罚台账.csv", _unperformed()),
        ("tang", "zy-water", "exceedance", "入河排污口监测超标.csv", _exceedances()),
        ("shen", "zy-market", "penalty", "2026年行政处罚案件台账.csv", _penalties()),
        ("shen", "zy-market", "licence", "食品经营许可到期清单.csv", _licences()),
        ("shen", "zy-market", "crime-transfer", "移送公安机关案件.csv", _transfers()),
    )
    for n, (who, organ, kind, name, rows) in enumerate(files):
        _take(made, who, organ, kind, name=name, rows=list(rows), at=at + timedelta(minutes=n))
    _clues(made, at + timedelta(minutes=10))
    _joint(made, at + timedelta(minutes=30))
    warn(at=at + timedelta(minutes=40))


def _take(
    made: Institutions, who: str, organ: str, kind: str, *, name: str, rows: list, at: datetime
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    by = made.people[who]
    file = uploads.look_at(
        organ=made.organs[organ],
        kind=kind,
        chunks=[out.getvalue().encode()],
        name=name,
        by=by,
        at=at,
    )
    uploads.take_in(upload=file, mapping=file.mapping, by=by, at=at)


def _day(days: int) -> str:
    """Return the day so many days from the city's present."""
    return (TODAY + timedelta(days=days)).isoformat()


def _unperformed() -> Iterator[list[str]]:
    """Give penalties whose three months end from three weeks ago to six weeks ahead."""
    yield ["处罚决定书文号", "被处罚人", "违法行为", "未缴金额（元）", "决定日期", "送达日期",
           "复议诉讼期满日", "催告书送达日期", "申请强制执行日期"]  # fmt: skip
    for n, ends in enumerate((-21, -4, 3, 8, 12, 19, 27, 41)):
        over = _months_before(TODAY + timedelta(days=ends), 3)
        served = _months_before(over, 6)
        party = PEOPLE[n // 2] if n % 2 else FIRMS[n % len(FIRMS)]
        yield [
            f"沚水罚决字〔2026〕{11 + n}号", party, WATER[n % len(WATER)], str(8000 + 4500 * n),
            (served - timedelta(days=3)).isoformat(), served.isoformat(), over.isoformat(),
            _day(-20) if n in {0, 3} else "", "",
        ]  # fmt: skip


def _months_before(day: date, months: int) -> date:
    """Return the day of the same number so many months before, or the 28th."""
    total = day.year * 12 + day.month - 1 - months
    return date(total // 12, total % 12 + 1, min(day.day, 28))


def _exceedances() -> Iterator[list[str]]:
    yield ["监测报告编号", "排污单位", "监测点位", "监测因子", "监测值", "标准限值", "超标倍数",
           "采样日期", "立案日期"]  # fmt: skip
    found = (("氨氮", "14.2", "8", "0.78", -34, -22), ("总磷", "1.9", "0.5", "2.8", -19, None),
             ("化学需氧量", "96", "50", "0.92", -13, None), ("氨氮", "11.0", "8", "0.38", -6, None))  # fmt: skip
    for n, (what, value, limit, times, on, filed) in enumerate(found):
        yield [
            f"沚监〔2026〕{301 + n}", FIRMS[(3 * n) % len(FIRMS)], f"{n + 1}号排污口", what,
            f"{value} mg/L", f"{limit} mg/L", times, _day(on), _day(filed) if filed else "",
        ]  # fmt: skip


def _penalties() -> Iterator[list[str]]:
    """Give cases at every stage: to be decided, to be served, unpaid, paid."""
    yield ["立案号", "当事人", "联系电话", "案由", "罚没金额（万元）", "立案时间", "处罚决定时间",
           "送达时间", "缴款日期"]  # fmt: skip
    stages = (
        (-96, None, None, None), (-84, None, None, None), (-71, None, None, None),
        (-40, None, None, None), (-80, -9, None, None), (-66, -3, None, None),
        (-150, -70, -66, None), (-160, -81, -79, -60), (-190, -110, -106, -98), (-33, None, None, None),
    )  # fmt: skip
    for n, days in enumerate(stages):
        party = PEOPLE[n % len(PEOPLE)] if n % 3 == 0 else FIRMS[(n + 1) % len(FIRMS)]
        yield [
            f"沚市监立〔2026〕{141 + n}号", party, f"139{20000000 + 137 * n}", MARKET[n % len(MARKET)],
            f"{0.5 + 0.3 * n:.1f}" if days[1] else "",
            *[_day(day) if day is not None else "" for day in days],
        ]  # fmt: skip


def _licences() -> Iterator[list[str]]:
    yield ["许可证编号", "经营者名称", "经营项目", "发证日期", "有效期至", "延续申请日期"]
    for n, (ends, asked) in enumerate(
        ((-12, None), (5, None), (18, None), (26, -3), (38, None), (75, None))
    ):
        day = TODAY + timedelta(days=ends)
        yield [
            f"JY9901{20210 + n}", FIRMS[(n + 3) % len(FIRMS)], "热食类食品制售" if n % 2 else "预包装食品销售",
            f"{day.year - 5}-{day.month:02d}-{min(day.day, 28):02d}", day.isoformat(),
            _day(asked) if asked is not None else "",
        ]  # fmt: skip


def _transfers() -> Iterator[list[str]]:
    yield ["移送文号", "涉嫌人", "身份证号", "涉嫌罪名", "受移送机关", "报告日期", "批准移送日期",
           "移送日期", "公安决定日期"]  # fmt: skip
    for n, days in enumerate(((-30, -28, -27, -24), (-8, -6, -6, None), (-3, None, None, None))):
        yield [
            f"沚市监移〔2026〕{n + 3}号", PEOPLE[n + 2], f"99010219{80 + n}0101{1000 + n}",
            "销售不符合安全标准的食品罪", "沚阳市公安局",
            *[_day(day) if day is not None else "" for day in days],
        ]  # fmt: skip


def _clues(made: Institutions, at: datetime) -> None:
    """Send two clues each way, none of which becomes a lead."""
    office, lin, tang, shen = made.offices["zy"], *(made.people[n] for n in ("lin", "tang", "shen"))
    water, market = made.organs["zy-water"], made.organs["zy-market"]
    lead = (
        Incident.objects.filter(office=office, is_lead=True, handler=lin, title__contains="河")
        .exclude(state__in=["merged", "declined"])
        .order_by("pk")
        .first()
    )
    out, inn = Clue.Way.TO_ORGAN, Clue.Way.TO_OFFICE
    first = clues.send(
        way=out, office=office, organ=water, title=f"{lead.title}，请核实处理", by=lin, at=at,
        text=f"群众反映：{lead.title}。请到现场核实，属于贵局职责的依法处理，并告知结果。",
        place=lead.place_words[:200], happened_on=TODAY - timedelta(days=9), incident=lead,
    )  # fmt: skip
    clues.receive(clue=first, by=tang, at=at)
    clues.confirm(clue=first, by=lin, at=at)
    clues.decide(
        clue=first, decision="accepted", reason="属于本局职责，已派员核实。", by=tang, at=at
    )
    clues.answer(clue=first, text="已到现场核实，责令限期改正，对责任人立案查处。", by=tang, at=at)
    clues.send(
        way=out, office=office, organ=market, title="校门口小卖部销售无标识食品", by=lin, at=at,
        text="群众反映望梧区某小学门口两家小卖部销售没有生产日期的零食。请核实。", place="望梧区",
    )  # fmt: skip
    known = clues.send(
        way=inn, office=office, organ=water, title="取水许可到期后仍在取水", by=tang, at=at,
        text="一家企业取水许可到期后仍在取水，多次催告未改正，拟请检察院关注。", place="沚阳市区",
    )  # fmt: skip
    clues.receive(clue=known, by=lin, at=at)
    reason = "本院已经就同一企业立案，案件正在办理，材料并入原案卷。"
    clues.decide(clue=known, decision="already", reason=reason, by=lin, at=at)
    clues.send(
        way=inn, office=office, organ=market, title="网络餐饮商家冒用他人许可证", by=shen, at=at,
        text="日常监测发现三家网络餐饮商家公示的许可证与经营地址不符，涉及平台审核，请检察院研究。",
        place="沚阳市",
    )  # fmt: skip


def _joint(made: Institutions, at: datetime) -> None:
    """Hold one inspection this month, and plan a training for the next."""
    office, lin = made.offices["zy"], made.people["lin"]
    organs = [made.organs["zy-water"], made.organs["zy-market"]]
    names = ["林溪（市检察院）", "唐闻（市水务局）", "沈柏（市市场监管局）"]
    inspection = joint.plan(
        kind="inspection", office=office, organs=organs, subject="餐饮企业废水排入河道联合检查",
        place="东津区沿河餐饮街", on=TODAY - timedelta(days=4), participants=names, by=lin, at=at,
    )  # fmt: skip
    joint.hold(
        joint=inspection, on=TODAY - timedelta(days=4), participants=names,
        findings=["两家餐饮店未装隔油池", "一处雨水口有污水混入"],
        minutes="检查十二家，发现问题三处。市场监管部门负责督促安装隔油池，水务部门负责查明混接。一个月后复查。",
        by=lin, at=at,
    )  # fmt: skip
    joint.plan(
        kind="training", office=office, organs=organs[1:], subject="食品案件证据规格培训",
        place="市市场监督管理局", on=TODAY + timedelta(days=20), by=lin, at=at,
    )  # fmt: skip
