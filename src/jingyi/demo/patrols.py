"""Two patrols of the city: one walked a fortnight ago, with its way and photos, one for the volunteer."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from jingyi.demo.chance import dice
from jingyi.demo.institutions import Institutions
from jingyi.demo.selection import picture
from jingyi.demo.stories import NOW
from jingyi.web.patrols import actions
from jingyi.web.patrols.models import Plan, Visit
from jingyi.web.places.models import Place

WALKED = NOW - timedelta(days=14)
KINDS = ("relic", "memorial", "water-source", "canal")
NOTES = {
    "fine": "标志碑完好，范围内没有新的堆放和取土。",
    "watch": "围栏有一处松动，已拍照，下次再看。",
    "problem": "保护范围边上新堆了建筑垃圾，约两车，车辙还新。",
}


def load(made: Institutions) -> None:
    """Plan both, and record the first as a phone would have sent it."""
    places = list(Place.objects.filter(kind__in=KINDS).order_by("code")[:8])
    stops = [{"place": one, "name": one.name, "lon": one.lon, "lat": one.lat} for one in places]
    who = {"office": made.offices["zy"], "by": made.people["zhou"]}
    first = actions.plan(
        name="十一月上旬文物和水源地巡查", on=WALKED.date(), person=made.people["lin"], hours=4,
        stops=stops[:5], at=WALKED - timedelta(days=2), **who,
    )  # fmt: skip
    _walk(first, WALKED)
    actions.plan(
        name="志愿者周末巡查", on=(NOW + timedelta(days=1)).date(), person=made.people["lu"], hours=3,
        stops=stops[3:8], at=NOW - timedelta(hours=4), **who,
    )  # fmt: skip


def _walk(plan: Plan, at: datetime) -> None:
    chance = dice("patrol")
    by, points, clock = plan.person, [], at
    for n, stop in enumerate(plan.stops.all(), 1):
        if points:
            lon, lat = points[-1][:2]
            for k in range(1, 12):
                clock += timedelta(minutes=2)
                x = lon + (stop.lon - lon) * k / 11 + chance.gauss(0, 0.0006)
                y = lat + (stop.lat - lat) * k / 11 + chance.gauss(0, 0.0006)
                points.append([round(x, 6), round(y, 6), 8.0, clock.timestamp()])
        else:
            points.append([stop.lon, stop.lat, 8.0, clock.timestamp()])
        finding = ("fine", "watch", "fine", "problem", "fine")[(n - 1) % 5]
        record = {
            "kind": "visit", "key": _key(chance), "stop": stop.pk, "finding": finding,
            "note": NOTES[finding], "lon": stop.lon, "lat": stop.lat, "accuracy": 8.0,
            "at": clock.timestamp(),
        }  # fmt: skip
        kept = actions.take(plan=plan, record=record, skew=timedelta(seconds=2), by=by, at=clock)
        if isinstance(kept, Visit):
            photo = picture(f"patrol {n}", 640)
            actions.attach(visit=kept, stream=photo, size=photo.getbuffer().nbytes, by=by, at=clock)
    track = {"kind": "track", "key": _key(chance), "points": points}
    actions.take(plan=plan, record=track, skew=timedelta(seconds=2), by=by, at=clock)
    actions.finish(plan=plan, by=by, at=clock)


def _key(chance: Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))
