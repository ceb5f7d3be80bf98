"""A linear model as it is used, and as it is stored: arrays and a card, nothing that runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jingyi.core.refusal import Refusal
from jingyi.core.triage.learning import features, measures
from jingyi.core.triage.learning import gram_kernels as kernels
from jingyi.core.triage.learning.features import Grams

FORM = 1  # of what is stored


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Scores = n-grams × weights + bias; the label is the one of the highest.

    `kept` are the buckets in use, ascending; `rarity` (kept) and `weights`
    (kept × labels) belong to them. `temperature` turns scores into calibrated
    probabilities; a label whose probability is at least its level in `levels`
    cannot be ruled out at `error`. `quality` is what cross-validation found.
    """

    labels: tuple[str, ...]
    kept: NDArray[np.int64]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float
    cost: float
    levels: NDArray[np.float32]
    error: float
    quality: measures.Quality
    _number: NDArray[np.int32] = field(init=False)
    _rarity: NDArray[np.float32] = field(init=False)

    def __post_init__(self) -> None:
        number = np.zeros(features.BUCKETS, np.int32)
        number[self.kept] = np.arange(len(self.kept), dtype=np.int32)
        rarity = np.zeros(features.BUCKETS, np.float32)
        rarity[self.kept] = self.rarity
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_rarity", rarity)

    def probabilities(self, grams: Grams) -> NDArray[np.float32]:
        """Return (rows × labels), each row's sum 1."""
        scores = np.tile(self.bias, (grams.count, 1))
        for part in (grams.title, grams.body):
            r = part.weighed(self._rarity)
            # a bucket that is not in use weighs 0: that its number is another's does not matter
            kernels.score_rows(r.ptr, self._number[r.index], r.value, self.weights, scores)
        return measures.softmax(scores / np.float32(self.temperature))


def arrays(learned: Learned) -> dict[str, NDArray[Any]]:
    """Return what is stored beside the card; half precision changes no figure that is shown."""
    return {
        "kept": learned.kept.astype(np.int32),
        "rarity": learned.rarity.astype(np.float16),
        "weights": learned.weights.astype(np.float16),
        "bias": learned.bias,
        "levels": learned.levels,
    }


def card(learned: Learned, about: Mapping[str, str | int]) -> dict[str, Any]:
    """Return the card: what it is, what it was trained on, how good it was, what it is not for."""
    return {
        "form": FORM,
        "features": "title and body, characters, pairs and triples, hashed to 2^20, tf-idf",
        **about,
        "not_for": "不得据以拒绝受理、作出决定或评价个人；只用于排序和提示，由人判断",
        "labels": list(learned.labels),
        "temperature": learned.temperature,
        "cost": learned.cost,
        "error": learned.error,
        "messages": learned.quality.messages,
        "accuracy": learned.quality.accuracy,
        "macro_f1": learned.quality.macro_f1,
        "quality": [
            {
                "label": one.label,
                "messages": one.messages,
                "precision": one.precision,
                "recall": one.recall,
                "f1": one.f1,
            }
            for one in learned.quality.labels
        ],
    }


def assemble(told: Mapping[str, Any], stored: Mapping[str, NDArray[Any]]) -> Learned:
    """Return a stored model, checked: it comes from a file that anybody may have written.

    Raises:
        Refusal: it is no such model, or of another form.
    """
    try:
        if told["form"] != FORM:
            raise Refusal("模型的格式是第 {form} 版，本程序读不了。请重新训练。", form=told["form"])
        labels = tuple(str(name) for name in told["labels"])
        found = Learned(
            labels=labels,
            kept=stored["kept"].astype(np.int64),
            rarity=stored["rarity"].astype(np.float32),
            weights=np.ascontiguousarray(stored["weights"], np.float32),
            bias=stored["bias"].astype(np.float32),
            temperature=float(told["temperature"]),
            cost=float(told["cost"]),
            levels=stored["levels"].astype(np.float32),
            error=float(told["error"]),
            quality=measures.Quality(
                messages=int(told["messages"]),
                accuracy=float(told["accuracy"]),
                macro_f1=float(told["macro_f1"]),
                labels=tuple(measures.OfLabel(**one) for one in told["quality"]),
            ),
        )
    except (KeyError, TypeError, ValueError, IndexError):
        raise Refusal("这不是 jingyi train 写出的模型，或者已经损坏。请重新训练。") from None
    _check(found)
    return found


def _check(found: Learned) -> None:
    """Refuse arrays that do not fit one another: the kernels look at no bounds."""
    size, count = len(found.kept), len(found.labels)
    fits = (
        found.weights.shape == (size, count)
        and found.rarity.shape == (size,)
        and found.bias.shape == found.levels.shape == (count,)
        and size > 0
        and bool((found.kept >= 0).all())
        and bool((found.kept < features.BUCKETS).all())
        and found.temperature > 0
        and all(np.isfinite(part).all() for part in (found.rarity, found.weights, found.bias))
    )
    if not fits:
        raise Refusal("模型中的数组互不相符，文件已经损坏。请重新训练。")


def toml(values: Mapping[str, Any]) -> str:
    """Write plain values, lists of them and lists of tables as TOML."""
    flat = {k: v for k, v in values.items() if not _tables(v)}
    lines = [f"{name} = {_value(value)}" for name, value in flat.items()]
    for name, value in values.items():
        if _tables(value):
            for one in value:
                lines += ["", f"[[{name}]]", *(f"{k} = {_value(v)}" for k, v in one.items())]
    return "\n".join(lines) + "\n"


def _tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    plain = "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped)
    return f'"{plain}"'
