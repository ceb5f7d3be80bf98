"""An office's own decisions, as corrections to the shipped model.

The shipped model keeps its say: its scores are where the fit starts from, and
what is learned is a small correction by n-gram. Cues, chain, calibration and
rarity stay as they are, so every reason that is shown still holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.core.triage import cues, domain, kernels, lexicon
from jingyi.core.triage.book import Book
from jingyi.core.triage.learning import measures
from jingyi.core.triage.learning.adapt_kernels import correct
from jingyi.core.triage.model import Model
from jingyi.core.triage.texts import Texts

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Rules:
    """`rulebook/triage/learning.toml`."""

    taught_lead: frozenset[str]
    taught_not: frozenset[str]
    taught_declined: frozenset[str]
    outside: frozenset[str]
    held_back: int
    least: int
    least_held_back: int
    rounds: int
    rate: float
    shrink: float


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """Messages that people decided about. `lead` is 0 or 1; `none` marks those without a domain.

    `held_back` marks those that are measured on and never fitted on.
    """

    texts: Texts
    lead: NDArray[np.int64]
    none: NDArray[np.bool_]
    held_back: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Figures:
    """A model on held-back decisions: `loss` is the mean surprise at a decision, in nats."""

    precision: float
    recall: float
    f1: float
    loss: float


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The corrected model, and both on the held-back decisions."""

    model: Model
    old: Figures
    new: Figures
    trained_on: int
    measured_on: int

    @property
    def better(self) -> bool:
        """Tell whether the new one is to be used: less surprised, and no worse at telling leads."""
        return self.new.loss < self.old.loss and self.new.f1 >= self.old.f1


def rules() -> Rules:
    """Return the rulebook's numbers."""
    data = rulebook.raw("triage/learning.toml")
    return Rules(
        taught_lead=frozenset(data["taught_lead"]),
        taught_not=frozenset(data["taught_not"]),
        taught_declined=frozenset(data["taught_declined"]),
        outside=frozenset(data["outside"]),
        held_back=int(data["held_back"]),
        least=int(data["least"]),
        least_held_back=int(data["least_held_back"]),
        rounds=int(data["rounds"]),
        rate=float(data["rate"]),
        shrink=float(data["shrink"]),
    )


def adapt(book: Book, current: Model, decided: Decided, by: Rules) -> Outcome:
    """Fit corrections to the shipped model of `book`; compare with `current`, the one in use.

    Raises:
        Refusal: too few decisions to learn from, or to measure on.
    """
    _enough(decided, by)
    seen = found_cues(book, decided.texts)
    fit_on = np.flatnonzero(~decided.held_back)
    base = book.model
    outside = fit_on[decided.none[fit_on]]
    # first the domains (what was declined for want of one), then leads, which are judged with them
    scores = domain.score(base, decided.texts, seen)
    fitted = _corrected(
        base, decided.texts, outside, scores[:, :-1], np.zeros(len(scores), np.int64), by
    )
    scores = domain.score(fitted, decided.texts, seen)
    doubts = np.stack([np.zeros(len(scores), np.float32), scores[:, -1]], axis=1)
    fitted = _corrected(fitted, decided.texts, fit_on, doubts, decided.lead, by)
    held = decided.held_back
    return Outcome(
        model=fitted,
        old=measured(current, decided, seen, held),
        new=measured(fitted, decided, seen, held),
        trained_on=len(fit_on),
        measured_on=int(held.sum()),
    )


def _enough(decided: Decided, by: Rules) -> None:
    if len(decided.lead) < by.least:
        raise Refusal(
            "已有处理决定的反映 {n} 件，满 {least} 件才能重新训练。",
            n=len(decided.lead),
            least=by.least,
        )
    held = decided.lead[decided.held_back]
    if min((held == 1).sum(), (held == 0).sum()) < by.least_held_back:
        raise Refusal(
            "留作检验的决定中，是线索的 {yes} 件、不是线索的 {no} 件；各满 {least} 件才能比较新旧。请待决定多一些再训练。",
            yes=int((held == 1).sum()),
            no=int((held == 0).sum()),
            least=by.least_held_back,
        )


def found_cues(book: Book, texts: Texts) -> NDArray[np.uint8]:
    """Return (rows × cues) as triage sees them."""
    return cues.find(book.cue_table, lexicon.find(book.automaton, texts), texts)[0]


def measured(
    model: Model, decided: Decided, seen: NDArray[np.uint8], rows: NDArray[np.bool_]
) -> Figures:
    """Measure a model's lead scores on some of the decisions."""
    score = domain.score(model, decided.texts, seen)[rows, -1].astype(np.float64)
    truth = decided.lead[rows] == 1
    share = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
    loss = -np.log(np.where(truth, share, 1 - share) + 1e-9).mean() if len(truth) else 0.0
    return Figures(*measures.precision_recall_f1(truth, share >= model.lead_at), float(loss))


def _corrected(  # noqa: PLR0917
    model: Model,
    texts: Texts,
    rows: NDArray[np.int64],
    scores: NDArray[np.float32],
    truth: NDArray[np.int64],
    by: Rules,
) -> Model:
    """Return the model with n-gram weights corrected so that `truth` is likelier in `rows`.

    `scores` has a column a class of the domains, or two for no lead and lead.
    """
    if not len(rows):
        return model
    off, index = ngrams(texts)
    grams, bias = model.grams.copy(), model.bias.copy()
    order = np.random.default_rng(len(rows)).permutation(rows)
    step = np.zeros((len(grams), scores.shape[1]), np.float32)
    shift = np.zeros(scores.shape[1], np.float32)
    correct(off, index, np.ascontiguousarray(scores), truth, order, by.rounds, by.rate, by.shrink, step, shift)  # fmt: skip
    if scores.shape[1] == 2:
        grams[:, -1] += step[:, 1] - step[:, 0]
        bias[-1] += shift[1] - shift[0]
    else:
        grams[:, :-1] += step
        bias[:-1] += shift
    return replace(model, grams=grams, bias=bias)


def ngrams(texts: Texts) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the buckets of every character and pair of every row, as triage scores them."""
    off = np.zeros(texts.count + 1, np.int64)
    kernels.ngram_rows(texts.buf, texts.off, off, False, np.zeros(0, np.int32))
    np.cumsum(off, out=off)
    index = np.empty(off[-1], np.int32)
    kernels.ngram_rows(texts.buf, texts.off, off.copy(), True, index)
    return off, index


def arrays(shipped: Model, fitted: Model) -> dict[str, NDArray[Any]]:
    """Return what differs from the shipped model: the buckets touched and their corrections."""
    step = fitted.grams - shipped.grams
    touched = np.flatnonzero(np.abs(step).max(1) > 0)
    return {
        "touched": touched.astype(np.int32),
        "step": step[touched].astype(np.float32),
        "shift": (fitted.bias - shipped.bias).astype(np.float32),
    }


def applied(shipped: Model, stored: Mapping[str, NDArray[Any]]) -> Model:
    """Return the shipped model with an office's corrections.

    Raises:
        Refusal: the corrections do not fit this model.
    """
    try:
        touched, step, shift = stored["touched"], stored["step"], stored["shift"]
    except KeyError:
        raise Refusal("本院的分诊模型已损坏，请重新训练。") from None
    grams, bias = shipped.grams.copy(), shipped.bias.copy()
    fits = (
        step.shape == (len(touched), grams.shape[1])
        and shift.shape == bias.shape
        and (not len(touched) or 0 <= int(touched.min()) <= int(touched.max()) < len(grams))
        and bool(np.isfinite(step).all() and np.isfinite(shift).all())
    )
    if not fits:
        raise Refusal("本院的分诊模型与现在的程序不相配，请重新训练。")
    grams[touched] += step.astype(np.float32)
    bias += shift.astype(np.float32)
    return replace(shipped, grams=grams, bias=bias)


def print_of(shipped: Model) -> str:
    """Return a short mark of a shipped model: corrections belong to the one they were fitted to."""
    return sha256(shipped.grams.tobytes() + shipped.bias.tobytes()).hexdigest()[:16]
