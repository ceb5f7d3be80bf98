"""What each record of a file becomes in the register: new, changed, ended, the same, or refused.

Values in, steps out; nothing is written here. Rules:

- A place is known by its code; without one, by its kind and name at the same office.
- An empty cell leaves what the register says; a shape is new where it differs by more than a hair.
- A zone is never redrawn. The same shape of the same kind from the same day is the same zone: it
  can only be given its end. One that overlaps it but differs is refused.
- Of two records for one place the second is refused, so that a file means one thing in any order.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from shapely.geometry import shape

from jingyi.core.places import shapes
from jingyi.core.places.book import book
from jingyi.core.places.records import Record
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence

NEW, CHANGED, ENDED, SAME, REFUSED = "new", "changed", "ended", "same", "refused"
TEXTS = {"name": 80, "name_en": 120, "level": 40, "batch": 80, "basis": 200, "contact": 120}
MOST_NEAR = 5_000
COMMON = 1e-9  # square degrees, some ten square metres: less is a border they share


@dataclass(frozen=True, slots=True)
class KnownZone:
    """A zone of the register."""

    pk: int
    kind: str
    valid_from: date
    valid_to: date | None
    geometry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place of the register: `told` by field, in the words of a file."""

    code: str
    told: Mapping[str, str]
    geometry: Mapping[str, Any]
    zones: tuple[KnownZone, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """What there is at an office, and what its words mean: divisions and organs by code and name."""

    office: str
    places: Mapping[str, KnownPlace]
    regions: Mapping[str, str]  # word → code
    organs: Mapping[str, str]
    taken: frozenset[str] = frozenset()  # codes at other offices, and words of addresses


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the person who uploads says of records that do not say it."""

    kind: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one record; `told` are the values to write, `zone` the zone to end."""

    record: Record
    outcome: str
    what: str  # "place" or "zone"
    code: str = ""
    title: str = ""
    kind: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    redrawn: bool = False
    zone: int | None = None
    why: tuple[Sentence, ...] = ()


def plan(records: Iterable[Record], register: Register, defaults: Defaults) -> tuple[Step, ...]:
    """Return a step for each record, in their order; places first decide what zones can name."""
    records = list(records)
    steps: dict[int, Step] = {}
    codes: dict[str, int] = {}
    for at, record in enumerate(records):
        if not _is_zone(record):
            steps[at] = _checked(_place, record, register, defaults, codes)
    known = dict(register.places)
    for step in steps.values():
        if step.outcome == NEW and step.record.geometry is not None:
            told = {"name": step.title, "kind": step.kind}
            known[step.code] = KnownPlace(step.code, told, step.record.geometry)
    drawn: list[Step] = []
    for at, record in enumerate(records):
        if at not in steps:
            steps[at] = _checked(_zone, record, known, register, drawn)
            drawn.append(steps[at])
    return tuple(steps[at] for at in range(len(records)))


def _is_zone(record: Record) -> bool:
    said = record.told.get("record", "").strip().lower()
    if said:
        return said in {"zone", "法定区域", "区域"}
    return "valid_from" in record.told or _kind_of(record.told.get("kind", ""), book().zones) != ""


def _checked(decide: Any, record: Record, *given: Any) -> Step:
    what = "zone" if decide is _zone else "place"
    title = record.told.get("name", "")[:80]
    if record.fault:
        return Step(record, REFUSED, what, title=title, why=(record.fault,))
    try:
        found: Step = decide(record, *given)
    except Refusal as refusal:
        return Step(record, REFUSED, what, title=title, why=(refusal.sentence,))
    return found


def _place(record: Record, register: Register, defaults: Defaults, codes: dict[str, int]) -> Step:
    told = _texts(record)
    name = told.get("name") or told.get("name_en", "")
    kind = _place_kind(record) or defaults.kind
    code = _code(record, register, kind, name)
    if code in codes:
        raise Refusal("与第 {n} 条是同一处（代码 {code}）：只收第一条", n=codes[code], code=code)
    codes[code] = record.number
    if code in register.taken:
        raise Refusal("代码 {code} 已经使用", code=code)
    told |= _looked_up(record, register)
    old = register.places.get(code)
    if old is None:
        return _new(record, code, {**told, "name": name, "kind": kind}, defaults)
    if old.retired:
        raise Refusal("{name}已从登记册撤下，请先恢复", name=old.told["name"])
    return _again(record, old, told | ({"kind": kind} if "kind" in record.told else {}))


def _place_kind(record: Record) -> str:
    if "kind" not in record.told:
        return ""
    if not (kind := _kind_of(record.told["kind"], book().kinds)):
        raise Refusal("不认识的种类“{kind}”", kind=record.told["kind"][:40])
    return kind


def _new(record: Record, code: str, told: dict[str, str], defaults: Defaults) -> Step:
    if not told["name"] or not told["kind"]:
        raise Refusal("新的一处须有名称和种类；上传时可以选定全部记录的种类")
    if len(told["name"]) > TEXTS["name"]:
        raise Refusal("“{value}…”超过 {most} 个字", value=told["name"][:20], most=TEXTS["name"])
    if not (told.get("region") or defaults.region):
        raise Refusal("没有写明区划；上传时可以选定全部记录的区划")
    told.setdefault("region", defaults.region)
    return Step(record, NEW, "place", code, told["name"], told["kind"], told, redrawn=True)


def _again(record: Record, old: KnownPlace, told: dict[str, str]) -> Step:
    changed = {name: value for name, value in told.items() if value != old.told.get(name, "")}
    redrawn = record.geometry is not None and not shapes.same(record.geometry, dict(old.geometry))
    outcome = CHANGED if changed or redrawn else SAME
    title = told.get("name", old.told["name"])
    kind = told.get("kind", old.told["kind"])
    return Step(record, outcome, "place", old.code, title, kind, changed, redrawn=redrawn)


def _texts(record: Record) -> dict[str, str]:
    """Return the plain values, each within its length."""
    found = {}
    for name, most in TEXTS.items():
        value = record.told.get(name, "").strip()
        if len(value) > most:
            raise Refusal("“{value}…”超过 {most} 个字", value=value[:20], most=most)
        if value:
            found[name] = value
    if aliases := record.told.get("aliases", ""):
        found["aliases"] = "、".join(part.strip() for part in re.split("[、，;；]", aliases) if part.strip())  # fmt: skip
    if near := record.told.get("radius_m", ""):
        if not re.fullmatch(r"\d{1,4}(\.\d+)?", near) or float(near) > MOST_NEAR:
            raise Refusal("提示范围“{value}”须是 0 到 {most} 之间的米数", value=near[:20], most=MOST_NEAR)  # fmt: skip
        found["radius_m"] = f"{float(near):.10g}"
    return found


def _looked_up(record: Record, register: Register) -> dict[str, str]:
    found = {}
    if region := record.told.get("region", "").strip():
        if region not in register.regions:
            raise Refusal("区划“{name}”不在本院辖区内", name=region[:40])
        found["region"] = register.regions[region]
    if keeper := record.told.get("keeper", "").strip():
        found["keeper"] = _organ(keeper, register)
    return found


def _organ(name: str, register: Register) -> str:
    if name not in register.organs:
        raise Refusal("登记册里没有机关“{name}”", name=name[:40])
    return register.organs[name]


def _code(record: Record, register: Register, kind: str, name: str) -> str:
    if code := record.told.get("code", "").strip():
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", code):
            raise Refusal("代码“{code}”只能用字母、数字、连字符，不超过 40 个", code=code[:40])
        return code
    for old in register.places.values():
        if (old.told["kind"], old.told["name"]) == (kind, name):
            return old.code
    return "p" + sha256(f"{register.office}|{kind}|{name}".encode()).hexdigest()[:12]


def _kind_of(word: str, found: Mapping[str, Any]) -> str:
    word = word.strip()
    for one in found.values():
        if word in {one.id, *one.title.values.values()}:
            return str(one.id)
    return ""


def _zone(record: Record, known: Mapping[str, KnownPlace], register: Register, drawn: list[Step]) -> Step:  # fmt: skip
    place = _place_of(record, known)
    word = record.told.get("kind", "")
    if not (kind := _kind_of(word, book().zones)):
        raise Refusal("没有“{kind}”这种法定区域。", kind=word[:40])
    geometry = record.geometry
    if geometry is None or geometry["type"] not in shapes.AREAS:
        raise Refusal("法定区域须是面。")
    told = _bound(record, register)
    title = told.get("name") or place.told.get("name", "")
    step = Step(record, NEW, "zone", place.code, title, kind, told)
    for one in place.zones:
        if (one.kind, one.valid_from) == (kind, told["valid_from"]):
            if shapes.same(geometry, dict(one.geometry)):
                return _ended(step, one, told["valid_to"])
            _refuse_overlap(geometry, one.geometry)
    for other in drawn:
        alike = other.outcome == NEW and (other.code, other.kind) == (place.code, kind)
        if alike and other.told["valid_from"] == told["valid_from"]:
            _refuse_overlap(geometry, other.record.geometry or {})
    return step


def _bound(record: Record, register: Register) -> dict[str, Any]:
    """Return what a notice says of a zone: its days, its basis, who answers for it."""
    since, until = (_day(record.told.get(name, "")) for name in ("valid_from", "valid_to"))
    texts = _texts(record)
    if since is None or "basis" not in texts:
        raise Refusal("法定区域须有生效日和划定的依据")
    if until and until < since:
        raise Refusal("失效日 {to} 早于生效日 {since}。", to=until, since=since)
    if until is None and record.told.get("valid_to"):
        raise Refusal("失效日“{day}”读不出来", day=record.told["valid_to"][:20])
    told: dict[str, Any] = {name: texts[name] for name in ("name", "basis", "contact") if name in texts}  # fmt: skip
    if organ := record.told.get("organ", "").strip():
        told["organ"] = _organ(organ, register)
    return told | {"valid_from": since, "valid_to": until}


def _ended(step: Step, old: KnownZone, until: date | None) -> Step:
    if until is None or until == old.valid_to:
        return Step(step.record, SAME, "zone", step.code, step.title, step.kind, zone=old.pk)
    if old.valid_to:
        raise Refusal("这个区域已登记失效日 {to}，不能改", to=old.valid_to)
    return Step(step.record, ENDED, "zone", step.code, step.title, step.kind, {"valid_to": until}, zone=old.pk)  # fmt: skip


def _refuse_overlap(geometry: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    """Refuse a shape that shares ground with another of the same kind and day."""
    if shape(geometry).intersection(shape(other)).area > COMMON:
        raise Refusal("与同种、同日生效的区域重叠但图形不同：区域不改画，请先登记失效")


def _place_of(record: Record, known: Mapping[str, KnownPlace]) -> KnownPlace:
    word = (record.told.get("place") or record.told.get("code", "")).strip()
    found = known.get(word)
    if found is None:
        named = [one for one in known.values() if word and one.told.get("name") == word]
        if len(named) != 1:
            raise Refusal(
                "找不到它所属的保护对象“{name}”：请在“保护对象”一列写代码", name=word[:40]
            )
        found = named[0]
    if found.retired:
        raise Refusal("{name}已从登记册撤下，请先恢复", name=found.told["name"])
    return found


def _day(text: str) -> date | None:
    found = re.fullmatch(r"(\d{4})[-/年.]?(\d{1,2})[-/月.]?(\d{1,2})日?", text.strip()[:20])
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def outcomes(steps: Iterable[Step]) -> Iterator[tuple[str, int]]:
    """Yield each outcome and how many steps have it, the outcomes in a fixed order."""
    found = [step.outcome for step in steps]
    for outcome in (NEW, CHANGED, ENDED, SAME, REFUSED):
        yield outcome, found.count(outcome)
