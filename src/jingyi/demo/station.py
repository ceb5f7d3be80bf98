"""What lies in the market bureau's station: matters opened, a reply on its way, a request, a paper."""

from datetime import datetime, timedelta

from django.utils import timezone

from jingyi.demo.institutions import Institutions
from jingyi.demo.stories import NOW
from jingyi.web.cases.models import Suggestion
from jingyi.web.evidence.actions import seal
from jingyi.web.station.actions import matters, papers, replies, requests
from jingyi.web.station.actions.replies import Words
from jingyi.web.station.models import Matter

TODAY = timezone.localdate(NOW)
BUREAU = "zy-market"


def load(made: Institutions) -> None:
    """Open the bureau's running matters; draft, return and hand in replies; ask for a suspension."""
    liaison = made.people["shen"]
    own = Suggestion.objects.filter(organ=made.organs[BUREAU]).exclude(served_on=None)
    running = own.filter(replied_on=None, case__state="awaiting").select_related("case__office")
    opened = [
        matters.open_served(suggestion=one, by=liaison, at=_ago(hours=30))
        for one in running.order_by("-served_on", "pk")[:4]
    ]
    for stage, matter in enumerate(opened[:3]):
        _draft(made, matter, stage)
    for matter in opened[:1]:
        _ask(made, matter)
    for matter in opened[1:2]:
        _paper(matter)


def _ago(**span: int) -> datetime:
    return NOW - timedelta(**span)


def _draft(made: Institutions, matter: Matter, stage: int) -> None:
    """Draft a reply; `stage`: left in drafting, returned by the reviewer, with the leader."""
    liaison, reviewer = made.people["shen"], made.people["bai"]
    draft = replies.begin(matter=matter, by=liaison, at=_ago(hours=26))
    words = {
        line.duty: Words("partly", "已完成现场清理，长效管护制度正在征求意见。")
        for line in draft.lines.all()
    }
    words[1] = Words("done", f"{TODAY.month}月{max(1, TODAY.day - 6)}日完成。", None, "")
    draft = replies.save(draft=draft, words=words, version=draft.version, by=liaison)
    blob = seal(chunks=["现场照片说明".encode()], media_type="text/plain", at=_ago(hours=25))
    replies.attach(
        draft=draft, duty=1, blob=blob, name="现场照片说明.txt", kind="paper",
        caption="清理前后的现场情况", by=liaison,
    )  # fmt: skip
    if stage:
        replies.submit(draft=draft, by=liaison, at=_ago(hours=20))
    if stage == 1:
        replies.send_back(
            draft=draft, words="请补整改后的照片和数量。", by=reviewer, at=_ago(hours=18)
        )
    if stage == 2:
        replies.approve(draft=draft, by=reviewer, at=_ago(hours=18))


def _ask(made: Institutions, matter: Matter) -> None:
    requests.ask(
        matter=matter, kind="suspension", reason="汛期水位高，水下部分无法施工，附水文资料。",
        until=TODAY + timedelta(days=90), by=made.people["luo"], at=_ago(hours=6),
    )  # fmt: skip


def _paper(matter: Matter) -> None:
    case = matter.suggestion.case
    paper = papers.write(
        case=case, organ=matter.organ, kind="facts", title="现场情况确认书",
        text="双方到现场共同查看，确认检察建议所列问题的位置、范围和现状与检察建议书一致。",
        held_on=TODAY - timedelta(days=3), by=case.handler, at=_ago(hours=10),
    )  # fmt: skip
    papers.sign(paper=paper, side="office", digest=paper.digest, by=case.handler, at=_ago(hours=9))
