"""Reads of contests. Who wrote what is told to nobody before the marks are out; who read, never."""

from django.db.models import Count, Q, QuerySet

from jingyi.core.talent import Graded, graded
from jingyi.web.accounts.models import User
from jingyi.web.brands.contests.models import Contest, Paper, Reading
from jingyi.web.brands.talent.models import Mentorship
from jingyi.web.registry.queries import offices_for


def contests_for(user: User) -> QuerySet[Contest]:
    """Return the contests of the offices `user` may read, and those they read papers of."""
    mine = Q(office__in=offices_for(user, "brands.read")) | Q(readers=user)
    return Contest.objects.filter(mine).select_related("office").distinct()


def readings_for(user: User) -> QuerySet[Reading]:
    """Return what was given to `user` to read; of the paper only its code and text concern them."""
    return Reading.objects.filter(reader=user).select_related("paper__contest__office")


def marks_of(paper: Paper) -> list[int]:
    """Return the marks of a paper in the order of the readers; expects `readings` prefetched."""
    return [one.mark for one in paper.readings.all() if one.mark is not None]


def grade_of(paper: Paper) -> Graded:
    """Return the mark of a paper, or what it waits for."""
    contest = paper.contest
    readings = list(paper.readings.all())
    first = [one.mark for one in readings if one.place < 3 and one.mark is not None]
    third = [one.mark for one in readings if one.place == 3 and one.mark is not None]
    return graded([*first, *third] if len(first) == 2 else first, contest.threshold)


def free_readers(paper: Paper) -> list[User]:
    """Return who of the contest's readers may still read a paper, the least loaded first.

    Not its author, not a mentor or learner of the author, nobody who reads it already.
    """
    pairs = Mentorship.objects.filter(Q(mentor=paper.author_id) | Q(learner=paper.author_id), ended_on=None)  # fmt: skip
    near = {pk for pair in pairs.values_list("mentor", "learner") for pk in pair}
    near |= {paper.author_id, *paper.readings.values_list("reader", flat=True)}
    load = Count("readings", filter=Q(readings__paper__contest=paper.contest_id))
    found = paper.contest.readers.exclude(pk__in=near).annotate(load=load)
    return list(found.order_by("load", "pk"))
