"""What those who hear of a step are told: the handler, and whoever reported the matter."""

from datetime import datetime

from jingyi.core import casefile, rulebook
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case, Event
from jingyi.web.leads.actions.decisions import tell

URGED = say("检察院已向负有责任的机关提出检察建议，正在督促整改。")
NOTICED = say("检察院已依法发布公告，正在推进公益诉讼。")
SUED = say("检察院已就您反映的问题提起公益诉讼。")
RECTIFIED = say("经现场核实，您反映的问题已经整改到位。")
DONE = say("您反映的问题已经办结。")

# the steps a reporter is told of: (stage of the receipt, words)
TOLD = {
    casefile.FILED: ("filed", say("检察院已对您反映的问题立案。")),
    "suggestion.served": ("urging", URGED),
    "notice.published": ("urging", NOTICED),
    "case.sued": ("urging", SUED),
    "case.terminated": ("done", DONE),
    "case.concluded": ("done", DONE),
    "suit.withdrawn": ("done", DONE),
}


def tell_reporters(case: Case, kind: str, *, by: User, at: datetime) -> None:
    """Tell whoever reported how far it is, after an event of `kind` was entered or taken out."""
    if kind not in TOLD:
        return
    on_file = list(case.events.filter(undone_at=None).order_by("on", "place"))
    stage, words = TOLD[[event.kind for event in on_file if event.kind in TOLD][-1]]
    kinds = [event.kind for event in on_file if event.kind.startswith("verification.")]
    if stage == "done" and kinds[-1:] == ["verification.passed"]:
        words = RECTIFIED
    for incident in case.incidents.all():
        tell(incident, stage, words, by=by, at=at)


def tell_handler(event: Event, *, by: User, at: datetime) -> None:
    """Tell the handler what somebody else entered."""
    case = event.case
    if by == case.handler:
        return
    notify(
        user=case.handler,
        sentence=say(
            "{ref} 登记了“{what}”（{on}）",
            ref=case.ref,
            what=rulebook.events()[event.kind],
            on=event.on,
        ),
        url=case.get_absolute_url(),
        key=f"case-event:{event.pk}",
        at=at,
    )
