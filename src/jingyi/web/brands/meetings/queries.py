"""Reads of the meetings. Every one starts from the offices a person reads the brands of."""

from collections import defaultdict

from django.db.models import F, QuerySet

from jingyi.core.documents.draft import in_words
from jingyi.core.minutes import Guided, Met, Spoken, Task
from jingyi.web.accounts.models import User
from jingyi.web.brands.meetings.models import Guidance, Measure, Meeting, Review
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for, people_of


def meetings_for(user: User) -> QuerySet[Meeting]:
    """Return the meetings of the offices `user` may read, newest first."""
    found = Meeting.objects.filter(office__in=offices_for(user, "brands.read"))
    return found.select_related("office")


def measures_for(user: User) -> QuerySet[Measure]:
    """Return the measures of the offices `user` may read, the most pressing first."""
    found = Measure.objects.filter(meeting__office__in=offices_for(user, "brands.read"))
    return found.select_related("meeting__office", "department", "owner", "done_by")


def open_measures() -> QuerySet[Measure]:
    """Return every measure that is not done."""
    return Measure.objects.filter(done_on=None)


def guidance_for(user: User) -> QuerySet[Guidance]:
    """Return the guidance the offices `user` may read were given."""
    found = Guidance.objects.filter(office__in=offices_for(user, "brands.read"))
    return found.select_related("office", "meeting", "answered_by")


def reviews_of(meeting: Meeting) -> QuerySet[Review]:
    """Return what was carried to the meeting."""
    found = meeting.reviews.select_related(
        "measure__department", "measure__owner", "measure__done_by", "measure__meeting__office"
    )
    return found.order_by("was_due_on", "pk")


def people_in(office: Procuratorate) -> dict[int, User]:
    """Return who holds a post in the office today, by key."""
    return {post.user_id: post.user for post in people_of(office)}


def met(meeting: Meeting) -> Met:
    """Return the meeting as its minutes tell it."""
    planned: dict[int, list[Task]] = defaultdict(list)
    names: dict[int, str] = {}
    for one in meeting.measures.select_related("owner", "department"):
        planned[one.department_id].append(Task(one.what, one.owner.name, one.due_on))
        names[one.department_id] = one.department.name
    spoken = {one.department_id: one for one in meeting.words.select_related("department")}
    names |= {key: one.department.name for key, one in spoken.items()}
    told = [
        Spoken(
            names[key], getattr(spoken.get(key), "highlights", ""),
            getattr(spoken.get(key), "problems", ""), planned[key],
        )
        for key in sorted(names)
    ]  # fmt: skip
    guidance = [
        Guided(one.giver, one.on, one.text, one.document, one.answer)
        for one in meeting.guidance.order_by(F("on"), "pk")
    ]
    return Met(
        meeting.office.name, meeting.title, meeting.on, meeting.place, meeting.chair,
        [_carried(one) for one in reviews_of(meeting)], told, guidance, bool(meeting.closed_at),
    )  # fmt: skip


def _carried(review: Review) -> Task:
    measure = review.measure
    if measure.done_on:
        state = f"已于{in_words(measure.done_on)}完成：{measure.how.rstrip('。')}"
    elif review.due_on:
        state = (
            f"尚未完成：{review.why.rstrip('。')}；继续办理，新的时限为{in_words(review.due_on)}"
        )
    else:
        state = "尚待说明"
    return Task(measure.what, measure.owner.name, review.was_due_on, state)
