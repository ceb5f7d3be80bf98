"""The rulebook's part on triage, as frozen values: cues, names, weights, thresholds, the model."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jingyi.core import rulebook
from jingyi.core.triage import cues as cueing
from jingyi.core.triage import divisions, lexicon, model
from jingyi.core.triage import names as naming
from jingyi.core.triage.incidents import IncidentRules
from jingyi.core.triage.place import WIDE, Known
from jingyi.core.triage.protected import ProtectedPlace
from jingyi.core.triage.rank import RankRules

LEAD = model.LEAD
FOLDER = "triage"


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """Everything that triage goes by.

    `protected`, `gazetteer` and `home` (the office's own division, a GB/T 2260
    code) come from the caller: `load()` has none; see `for_office`.
    """

    domains: tuple[str, ...]
    cues: tuple[cueing.Cue, ...]
    names: naming.Rules
    incidents: IncidentRules
    rank: RankRules
    model: model.Model
    automaton: lexicon.Automaton
    cue_table: cueing.CueTable
    name_table: naming.NameTable
    name_rarity: NDArray[np.float32]  # as the model's, common words worth nothing
    harm: NDArray[np.float32]  # by word: share of harm
    division_words: NDArray[np.uint8]  # by word: 1 if it names a division
    place_words: NDArray[np.uint8]  # by word: 1 if it names a protected place
    spot_of: NDArray[np.int32]  # by word: entry of the gazetteer, -1 if none
    places: Mapping[int, tuple[int, ...]]  # word → protected places
    protected: tuple[ProtectedPlace, ...] = ()
    gazetteer: tuple[Known, ...] = ()
    home: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return self.automaton.words


def read(name: str) -> dict[str, Any]:
    """Return one file of `rulebook/triage` as plain values."""
    return rulebook.raw(f"{FOLDER}/{name}")


@cache
def load() -> Book:
    """Return the rulebook as shipped, with no place of any office in it."""
    slugs = tuple(
        one["slug"] for one in rulebook.raw("domains.toml")["domain"] if one.get("classified", True)
    )
    found = read_cues()
    name_rules = read_names()
    return _assemble(
        slugs, found, name_rules, read_incidents(), read_rank(), read_model(found, slugs)
    )


def for_office(
    *,
    protected: Sequence[ProtectedPlace] = (),
    gazetteer: Sequence[Known] = (),
    home: str = "",
) -> Book:
    """Return the rulebook with an office's own places: what is protected, and what it can locate."""
    base = load()
    book = _assemble(
        base.domains, base.cues, base.names, base.incidents, base.rank,
        model.without(base.model, (spot.name for spot in gazetteer if spot.radius_m > WIDE)),
        tuple(protected), tuple(gazetteer),
    )  # fmt: skip
    return replace(book, home=home)


def _assemble(  # noqa: PLR0917
    slugs: tuple[str, ...],
    found: tuple[cueing.Cue, ...],
    name_rules: naming.Rules,
    incidents: IncidentRules,
    rank: RankRules,
    learned: model.Model,
    protected: tuple[ProtectedPlace, ...] = (),
    gazetteer: tuple[Known, ...] = (),
) -> Book:
    words = tuple(
        dict.fromkeys(
            [
                *(word for cue in found for word in (*cue.words, *cue.near, *cue.unless)),
                *name_rules.words,
                *(word for harm in rank.harms for word in harm.words),
                *divisions.names(),
                *(name for place in protected for name in place.names),
                *(spot.name for spot in gazetteer),
            ]
        )
    )
    number = {word: index for index, word in enumerate(words)}
    harm = np.zeros(len(words), np.float32)
    for one in rank.harms:
        for word in one.words:
            harm[number[word]] = max(harm[number[word]], one.share)
    places: dict[int, tuple[int, ...]] = {}
    for index, place in enumerate(protected):
        for name in place.names:
            places[number[name]] = (*places.get(number[name], ()), index)
    spot_of = np.full(len(words), -1, np.int32)
    spot_of[[number[spot.name] for spot in gazetteer]] = np.arange(len(gazetteer))
    return Book(
        domains=slugs,
        cues=found,
        names=name_rules,
        incidents=incidents,
        rank=rank,
        model=learned,
        automaton=lexicon.build(words),
        cue_table=cueing.table(found, words),
        name_table=naming.table(name_rules, words),
        name_rarity=model.silenced(learned.rarity, _common(found, name_rules)),
        harm=harm,
        division_words=_marked(len(words), [number[name] for name in divisions.names()]),
        place_words=_marked(len(words), list(places)),
        spot_of=spot_of,
        places=places,
        protected=protected,
        gazetteer=gazetteer,
    )


def _marked(count: int, words: Sequence[int]) -> NDArray[np.uint8]:
    out = np.zeros(count, np.uint8)
    out[words] = 1
    return out


def _common(found: Sequence[cueing.Cue], name_rules: naming.Rules) -> Iterator[str]:
    """Yield the words that tell no name from another: what a thing is, not what it is called."""
    for cue in found:
        yield from (*cue.words, *cue.near)
    for kind in name_rules.kinds:
        yield from kind.suffixes
    yield from name_rules.nouns


def read_cues() -> tuple[cueing.Cue, ...]:
    """Return every cue of `rulebook/triage/cues`, in the order of the files' names."""
    return tuple(
        cue for name in rulebook.files(f"{FOLDER}/cues") for cue in _cues(rulebook.raw(name))
    )


def _cues(data: Mapping[str, Any]) -> Iterator[cueing.Cue]:
    about = data.get("domain") or data.get("for")
    for one in data["cue"]:
        yield cueing.Cue(
            id=one["id"],
            about=one.get("domain") or str(about),
            title=one["title"],
            title_en=one["title_en"],
            words=tuple(one["words"]),
            near=tuple(one.get("near", ())),
            unless=tuple(one.get("unless", ())),
            within=int(one.get("within", 12)),
            weight=float(one["weight"]),
            topic=one.get("topic", True),
        )


def read_names() -> naming.Rules:
    data = read("names.toml")
    kinds = tuple(
        naming.Kind(
            id=one["id"],
            rank=one["rank"],
            place=one.get("place", False),
            party=one.get("party", False),
            least=one["least"],
            suffixes=tuple(one["suffixes"]),
        )
        for one in data["kind"]
    )
    bounds = data["bounds"]
    return naming.Rules(
        kinds, data["longest"], tuple(bounds["words"]), bounds["characters"], tuple(bounds["nouns"])
    )


def read_incidents() -> IncidentRules:
    data = read("incidents.toml")
    return IncidentRules(
        rare=data["rare"],
        threshold=data["threshold"],
        sure=data["sure"],
        prior=data["prior"],
        reach=data["reach"],
        most=data["most"],
        members=data["members"],
        bias=data["bias"],
        weights=data["weights"],
    )


def read_rank() -> RankRules:
    return RankRules.of(read("rank.toml"))


def read_model(found: Sequence[cueing.Cue], slugs: Sequence[str]) -> model.Model:
    opening = model.sums([cue.about for cue in found], [cue.weight for cue in found], slugs)
    arrays = rulebook.arrays(f"{FOLDER}/model.npz")
    return model.assemble(read("model.toml"), arrays, [cue.id for cue in found], opening)
