"""What the city's departments do with their brands: two review meetings, a typical case begun, talent, notes."""

from datetime import date, timedelta

from django.utils import timezone

from jingyi.demo.institutions import Institutions
from jingyi.demo.stories import NOW
from jingyi.web.brands.contests import actions as contests
from jingyi.web.brands.exchange import actions as exchange
from jingyi.web.brands.meetings import actions as meetings
from jingyi.web.brands.models import Brand
from jingyi.web.brands.talent import actions as talent
from jingyi.web.brands.typical import actions as typical
from jingyi.web.brands.typical import queries as finding
from jingyi.web.cases.queries import cases_for

THEN = NOW - timedelta(days=56)
TODAY, THAT_DAY = timezone.localdate(NOW), timezone.localdate(THEN)
PUBLISHED = (
    ("某市督促保护饮用水水源地行政公益诉讼案", "省检察院典型案例（第二批）", date(2025, 6, 5),
     "饮用水水源保护区内有违法建设的码头和排污口。检察机关无人机取证、委托检测，向水务和生态环境部门分别提出检察建议，督促拆除清理；回访取样，水质达标。"),
    ("某县督促整治烈士纪念设施行政公益诉讼案", "省检察院典型案例（第三批）", date(2026, 4, 3),
     "烈士墓散落山野，碑文漫漶，无人管护。检察机关走访烈属，召开听证会，督促退役军人事务部门迁葬修缮，建立管护名册。"),
)  # fmt: skip


def load(made: Institutions) -> None:
    """Enter all of it, by the actions people use."""
    _meetings(made)
    _typical(made)
    _talent(made)
    _notes(made)


def _meetings(made: Institutions) -> None:
    chief, lin, office = made.people["zhou"], made.people["lin"], made.offices["zy"]
    fifth = office.departments.get(name__contains="第五")
    first = office.departments.get(name__contains="第一")
    held = {"office": office, "place": "三楼会议室", "chair": "周明远", "by": chief}
    old = meetings.convene(title="第三季度品牌推进会", on=THAT_DAY, **held, at=THEN)
    for department, highlights, problems in (
        (
            fifth,
            "“沚水长清”一案到底的做法在三个县推开，整改回访按领域排期。",
            "取样断面偏少，雨季数据缺两个月。",
        ),
        (
            first,
            "蒲公英课堂讲进四所学校，课后回访发现两处管理漏洞。",
            "宣传渠道只有公众号，社区不知道。",
        ),
    ):
        meetings.speak(
            meeting=old, department=department, highlights=highlights, problems=problems, version=0,
            by=chief, at=THEN,
        )  # fmt: skip
    sampling = meetings.plan(
        meeting=old, department=fifth, what="补测老运河三个断面的雨后水质", owner=lin,
        due_on=THAT_DAY + timedelta(days=21), by=chief, at=THEN,
    )  # fmt: skip
    meetings.plan(
        meeting=old, department=first, what="与两个社区签订课堂共建约定", owner=chief,
        due_on=THAT_DAY + timedelta(days=90), by=chief, at=THEN,
    )  # fmt: skip
    meetings.guide(
        office=office, giver="江淮省人民检察院", document="全省公益诉讼检察工作推进会",
        text="品牌要从案件里长出来，少做泛泛宣传；请说明与办案的结合点。", on=THAT_DAY, by=chief, at=THEN,
    )  # fmt: skip
    meetings.close(meeting=old, by=chief, at=THEN)
    meetings.finish(
        measure=sampling, on=TODAY - timedelta(days=20), how="三个断面雨后各测两次，数据已入卷。", by=lin, at=NOW
    )  # fmt: skip
    meetings.convene(title="第四季度品牌推进会", on=TODAY, **held, at=NOW)


def _typical(made: Institutions) -> None:
    chief = made.people["zhou"]
    for title, source, on, text in PUBLISHED:
        typical.publish(
            office=made.offices["zy"], title=title, source=source, on=on, text=text, by=chief, at=NOW
        )  # fmt: skip
    strongest = finding.candidates(finding.closed_for(chief))[0]
    case = finding.closed_for(chief).get(ref=strongest.key)
    typical.begin(case=case, by=chief, at=NOW)


def _talent(made: Institutions) -> None:
    chief, lin, office = made.people["zhou"], made.people["lin"], made.offices["zy"]
    mine = cases_for(lin).filter(handler=lin).order_by("opened_on", "pk")
    for case, what in zip(
        mine, ("跨两县取证，三次补充检测", "首次适用新法，论证三轮"), strict=False
    ):
        task = talent.tell(kind="hard-case", case=case, what=what, on=TODAY, by=lin, at=NOW)
        talent.confirm(task=task, by=chief, at=NOW)
    asked = talent.propose(mentor=chief, learner=lin, goal="独立组织一次公开听证", by=chief, at=NOW)
    talent.agree(mentorship=asked, by=lin, at=NOW)
    talent.plan(
        person=lin, skill="hearing", what="旁听两次听证，组织一次", due_on=TODAY + timedelta(days=120),
        by=chief, at=NOW,
    )  # fmt: skip
    studio = talent.found(
        office=office, name="清流工作室", purpose="办水案、带新人、写案例。", founded_on=date(2025, 3, 12),
        by=chief, at=NOW,
    )  # fmt: skip
    talent.join(
        studio=studio, person=lin, does="办案组组长", since=date(2025, 3, 12), by=chief, at=NOW
    )
    talent.honour(
        studio=studio, title="全市优秀办案团队", source="沚阳市人民检察院表彰决定", on=date(2025, 12, 30),
        by=chief, at=NOW,
    )  # fmt: skip
    readers = [made.people[name] for name in ("zhou", "he", "qian", "ji")]
    contests.start(
        office=office, title="检察建议文书练兵", due_on=TODAY + timedelta(days=30), readers=readers,
        task="根据所附案情，写一份检察建议：写清事实、法律依据和可以检查的整改要求。", by=chief, at=NOW,
    )  # fmt: skip


def _notes(made: Institutions) -> None:
    lin, chief = made.people["lin"], made.people["zhou"]
    brand = Brand.objects.get(name="沚水长清")
    note = exchange.post(
        seat=lin.posts.get(), kind="question", title="夜间暗管排放怎样取样才经得起质证？",
        text="白天取不到，晚上又只有两个人。各位有什么做法？", refs=[], brands=[brand], by=lin, at=NOW,
    )  # fmt: skip
    reply = exchange.reply(
        note=note, text="两人分别录像，现场封样，交接单当场签，随后补一次白天的对照样。", by=chief, at=NOW
    )  # fmt: skip
    exchange.settle(note=note, reply=reply, by=lin, at=NOW)
