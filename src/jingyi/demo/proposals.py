"""Two sessions of the demo city: what deputies and members proposed, and what became of it."""

from datetime import date, datetime, timedelta

from jingyi.demo.chance import dice
from jingyi.demo.institutions import Institutions
from jingyi.demo.stories import NOW
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case
from jingyi.web.evidence.actions import seal
from jingyi.web.proposals.actions import importing, joint, linking, material, steps
from jingyi.web.proposals.files import Read
from jingyi.web.proposals.models import Item, Link, Session

SESSIONS = (
    ("npc", "zy-npc", "沚阳市第六届人民代表大会第五次会议", date(2026, 1, 20), date(2026, 1, 23)),
    ("cppcc", "zy-cppcc", "政协沚阳市第六届委员会第五次会议", date(2026, 1, 18), date(2026, 1, 22)),
)
OTHERS = (
    ("关于增加老旧小区停车位的建议", "老旧小区停车难，建议盘活闲置地块，错时共享机关停车场。"),
    ("关于完善社区养老服务的建议", "建议在社区设置日间照料和助餐点，方便高龄老人就近就餐。"),
    ("关于优化公交线路的建议", "东津区新建学校周边公交班次少，建议早晚高峰加密。"),
    ("关于支持乡村特色产业的建议", "建议对村集体特色种植给予技术指导和销售对接。"),
    ("关于提升政务服务效率的建议", "建议推进证照联办，减少群众跑腿次数。"),
    ("关于丰富群众文化生活的建议", "建议增加基层文化活动场地和图书流转。"),
)
NAMES = ("方念慈", "吴启明", "郑淑仪", "陆长河", "许敬之", "孙望舒", "高远行", "韩静")


def load(made: Institutions) -> None:
    """Enter items of both sessions; take some up, answer some, link some with cases."""
    cases = list(
        Case.objects.filter(office=made.offices["zy"], opened_on__gte=date(2026, 3, 1))
        .prefetch_related("incidents")
        .order_by("opened_on", "pk")
    )[:24]
    for n, (body, organ, name, first, last) in enumerate(SESSIONS):
        committee = made.people["ma" if body == "npc" else "du"]
        at = _moment(last)
        session = importing.open_session(
            office=made.offices["zy"], organ=made.organs[organ], body=body, name=name,
            first_on=first, last_on=last, by=committee, at=at,
        )  # fmt: skip
        _items(session, cases[n::2], committee, at)
        _course(made, session, cases[n::2], committee)
    _material(made, cases)
    _joint(made)


def _items(session: Session, cases: list[Case], committee: User, at: datetime) -> None:
    own = dice("proposals", session.body, 0)
    told = [
        (
            f"关于{case.title.removeprefix('督促整治').removeprefix('督促落实').removesuffix('行政公益诉讼案')}的建议",
            _words(case),
        )
        for case in cases
        if case.track == "administrative"
    ]
    read = [
        Read(
            number, str(number), title[:300], text, tuple(own.sample(NAMES, 2)), "",
            session.first_on, session.last_on + timedelta(days=28), number % 2 == 0,
        )
        for number, (title, text) in enumerate([*told, *OTHERS], 1)
    ]  # fmt: skip
    sent = "\n".join(f"{one.number},{one.title},{one.text}" for one in read)
    blob = seal(chunks=[sent.encode()], media_type="text/csv", at=at)
    importing.take_in(
        session=session, read=read, blob=blob, name=f"{session.name}.csv",
        columns={"number": "编号", "title": "标题", "text": "内容"}, by=committee, at=at,
    )  # fmt: skip


def _words(case: Case) -> str:
    incident = case.incidents.first()
    where = f"{incident.place_words}一带，" if incident and incident.place_words else ""
    return f"{where}群众多次反映：{incident.title if incident else case.title}。建议有关部门依法查处，限期整改，建立长效管护。"


def _course(made: Institutions, session: Session, cases: list[Case], committee: User) -> None:
    """Send the likely ones; register, take up, decline, answer and tell some of them."""
    prosecutor = made.people["lin"]
    for item in session.items.filter(is_lead=False):
        steps.take(
            item=item, kind="handled", words="承办单位已书面答复提出人。", by=committee,
            at=_moment(date(2026, 5, 12)),
        )  # fmt: skip
    likely = list(session.items.filter(is_lead=True).order_by("pk"))
    for n, item in enumerate(likely):
        at = _moment(date(2026, 3, 2) + timedelta(days=n))
        steps.take(item=item, kind="send", by=committee, at=at)
        if n % 4 == 3:
            continue
        steps.take(item=item, kind="register", by=prosecutor, at=at + timedelta(days=2))
        if n % 4 == 2:
            steps.take(item=item, kind="decline", words="所反映的问题已由主管部门立案查处，正在整改。", by=prosecutor, at=at + timedelta(days=9))  # fmt: skip
            continue
        _link(item, cases, prosecutor, at + timedelta(days=5))
        if n % 4 == 0:
            _told(item, prosecutor, at)


def _link(item: Item, cases: list[Case], by: User, at: datetime) -> None:
    for case in cases:
        if case.title.removesuffix("行政公益诉讼案")[4:] in item.title:
            linking.judge(
                item=item,
                target=case,
                verdict=Link.Verdict.SAME,
                reason="地点和问题一致",
                by=by,
                at=at,
            )
            return


def _told(item: Item, by: User, at: datetime) -> None:
    words = "经评估，作为公益诉讼线索办理。"
    item.refresh_from_db()
    steps.take(item=item, kind="decline", words="同一问题已经立案办理，不再重复受理。", by=by, at=at + timedelta(days=10))  # fmt: skip
    steps.take(item=item, kind="answer", words=words + "您反映的问题已经并入正在办理的案件。", by=by, at=at + timedelta(days=20))  # fmt: skip
    steps.take(
        item=item, kind="tell", words="案件办理情况已当面说明。", by=by, at=at + timedelta(days=120)
    )
    first = item.proposers.first()
    if item.number == "1":
        steps.invite(
            proposer=first, kind="follow-up", on=NOW.date() + timedelta(days=12), place="问题所在地",
            by=by, at=NOW - timedelta(hours=20),
        )  # fmt: skip


def _material(made: Institutions, cases: list[Case]) -> None:
    found = [one for case in cases for one in case.suggestions.all() if one.organ_id]
    by: dict[str, list] = {}
    for one in found:
        by.setdefault(one.case.domain, []).append(one)
    those = max(by.values(), key=len)
    if len(those) >= 3:
        material.draft(
            office=made.offices["zy"], ground="many-places", suggestions=those[:6],
            title="关于完善同类公益损害问题长效治理机制的建议（素材）",
            text="检察机关在办案中发现，同类问题在多地反复出现。建议：明确主管部门和日常巡查责任；建立问题台账和销号制度；将整改情况纳入年度考核。",
            by=made.people["lin"], at=NOW - timedelta(days=3),
        )  # fmt: skip


def _joint(made: Institutions) -> None:
    paper = joint.write(
        office=made.offices["zy"], title="代表建议、政协提案与检察建议衔接转化工作办法",
        text="第一条 为推动代表建议、政协提案与检察建议衔接转化，制定本办法。\n第二条 三方建立共享清单，相互移送、答复和反馈。\n第三条 每年共同通报办理情况。",
        by=made.people["lin"], at=NOW - timedelta(days=9),
    )  # fmt: skip
    joint.sign(paper=paper, digest=paper.digest, by=made.people["zhou"], at=NOW - timedelta(days=8))
    joint.sign(paper=paper, digest=paper.digest, by=made.people["ma"], at=NOW - timedelta(days=6))


def _moment(day: date) -> datetime:
    return datetime.combine(day, NOW.timetz()).replace(hour=1)
