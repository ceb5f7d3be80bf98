"""Why a row is a hit: what was found, in which rows, under which articles, parameters and version."""

from collections.abc import Iterator, Mapping
from typing import Any

from jingyi.core.law import titled
from jingyi.core.screening.compile import shown
from jingyi.core.screening.model import Model, Value
from jingyi.core.words import Sentence, say

MOST_ROWS = 12  # named in the sentence; all are in the hit


class Reasons:
    """What all hits of one run share is worded once."""

    def __init__(self, model: Model, values: Mapping[str, Value]) -> None:
        self.model = model
        self.filled = {name: shown(value) for name, value in values.items()}
        self.shared = tuple(_shared(model, values))
        self._shared_texts = [str(one) for one in self.shared]

    def texts(self, hit: Mapping[str, Any]) -> list[str]:
        """Return the same in Chinese; what all hits share is worded once."""
        return [*map(str, self._own(hit)), *self._shared_texts]

    def of(self, hit: Mapping[str, Any]) -> tuple[Sentence, ...]:
        """Return the reasons of a hit: the finding, the rows cited, the articles, the rule."""
        return (*self._own(hit), *self.shared)

    def _own(self, hit: Mapping[str, Any]) -> tuple[Sentence, ...]:
        filled = self.filled | {
            name: shown(value) for name, value in hit.items() if not isinstance(value, list)
        }
        words = self.model.because.values
        finding = titled(words["zh"].format_map(filled), words["en"].format_map(filled))
        rows = (
            say(
                "依据“{source}”第 {rows} 行{more}",
                source=self.model.source(one.source).title,
                rows="、".join(map(str, hit[one.name][:MOST_ROWS])),
                more=say("等 {n} 行", n=len(hit[one.name]))
                if len(hit[one.name]) > MOST_ROWS
                else "",
            )
            for one in self.model.cites
            if hit[one.name]
        )
        return (finding, *rows)


def _shared(model: Model, values: Mapping[str, Value]) -> Iterator[Sentence]:
    for basis in model.basis:
        if basis.status == "settled":
            yield say("依据{source}：{says}", source=str(basis.source), says=basis.says)
        else:
            yield say("依据{source}（待核对）：{says}", source=str(basis.source), says=basis.says)
    for one in model.parameters:
        yield say(
            "参数“{title}”为 {value}{unit}",
            title=one.title, value=shown(values[one.id]), unit=one.unit,
        )  # fmt: skip
    yield say(
        "模型“{title}”第 {version} 版（{digest}）；命中是线索，须经人工核实",
        title=model.title, version=model.version, digest=model.digest[:12],
    )  # fmt: skip
