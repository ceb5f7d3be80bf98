"""What the shipped triage model is trained on, and how: data, features, fit.

Used by `tools/train_triage.py` (writes the model) and `tools/measure_triage.py`
(cross-validates it). Needs the development environment and the shared data;
no text leaves this process: what is written are weights, and figures.
"""

import csv
import hashlib
import itertools
import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from jingyi.core import rulebook
from jingyi.core.triage import (
    book,
    cues,
    gathering,
    incident_kernels,
    incidents,
    kernels,
    lexicon,
    model,
    texts,
)
from jingyi.core.triage.name_kernels import in_name, pair_bucket
from jingyi.engines import tables

CITIZEN = Path(__file__).resolve().parents[2] / "shared" / "data" / "citizen"
READINGS = Path(__file__).with_name("triage_readings.csv")
FOLDS = 5
INNER_FOLDS = 4
GRAM_SHARE, CUE_SHARE, LEAD_GRAM_SHARE = 3.0, 0.5, 0.3
CUE_PENALTY, GRAM_PENALTY, BIAS_PENALTY, SLOPE_PENALTY = 3.0, 1.0, 0.3, 0.05
SLOPES = np.array(
    [1.5, 0.0, 1.0]
)  # before anything is learned: rules count, cues against tell none
WRITTEN_WEIGHT = 0.5
PAIR_C = 0.1
# Cues that tell a lead from a message of the same domain that is none.
LEAD_CUES = (
    "lead.illegal", "lead.demand", "lead.public", "lead.persistent",
    "lead.ask", "lead.suggest", "lead.praise", "lead.self",
)  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """One labelled message. `gold`: read by two people, used for measuring."""

    title: str
    body: str
    domain: str
    lead: bool
    gold: bool
    weight: float


def gold() -> list[Labelled]:
    """Return the messages that two readers labelled; the first reader's word counts."""
    with (CITIZEN / "domain_labels_dev.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    out = []
    for row in rows:
        title, mark, body = row["text"].partition("｜")
        title, body = (title, body) if mark else ("", row["text"])
        out.append(Labelled(title, body, row["domain_a"], row["lead_a"] == "1", True, 1.0))
    return out


def pool() -> dict[str, tuple[str, str]]:
    """Return the other messages of the same source by key (number, or digest of the text)."""
    out: dict[str, tuple[str, str]] = {}
    sheet = tables.read_table(CITIZEN / "messages_4326.xlsx")
    for number, title, body in zip(
        *(sheet[c].to_pylist() for c in ("id", "title", "text")), strict=True
    ):
        out[f"T3-{number}"] = (title.strip(), body)
    with (CITIZEN / "teddy_details_dev.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            plain = re.sub(r"\W", "", row["留言详情"])
            out["D-" + hashlib.sha256(plain.encode()).hexdigest()[:12]] = ("", row["留言详情"])
    with (CITIZEN / "teddy_full_rows_dev.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            out["F-" + row["留言编号"]] = (row["留言主题"].strip(), row["留言详情"])
    return out


def readings() -> list[Labelled]:
    """Return the further messages that one of us read and labelled (`triage_readings.csv`)."""
    known = pool()
    with READINGS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["key"] in known]
    return [
        Labelled(*known[row["key"]], row["domain"], row["lead"] == "1", gold=False, weight=1.0)
        for row in rows
    ]


def written() -> list[Labelled]:
    """Return the messages written for rare domains (`rulebook/triage/training`), lead or other."""
    out = []
    for name in rulebook.files("triage/training"):
        for domain in rulebook.raw(name)["domain"]:
            for group, lead in (("lead", True), ("other", False)):
                out += [
                    Labelled("", text, domain["slug"], lead, gold=False, weight=WRITTEN_WEIGHT)
                    for text in domain[group]
                ]
    return out


class Features:
    """Everything the fit looks at, for a list of messages.

    The n-grams enter through an orthonormal basis of their Gram matrix: the
    same linear model in as many dimensions as there are messages.
    """

    def __init__(self, messages: list[Labelled]) -> None:
        self.cues = book.read_cues()
        self.domains = tuple(
            d["slug"] for d in rulebook.raw("domains.toml")["domain"] if d.get("classified", True)
        )
        self.classes = (model.NONE, *self.domains)
        words = list(dict.fromkeys(w for c in self.cues for w in (*c.words, *c.near, *c.unless)))
        automaton = lexicon.build(words)
        read = texts.read(
            pa.array([m.title for m in messages]),
            pa.array([m.body for m in messages]),
            len(messages),
        )
        seen, _ = cues.find(cues.table(self.cues, words), lexicon.find(automaton, read), read)
        self.present = model.strength(seen)
        self.opening = model.sums(
            [c.about for c in self.cues], [c.weight for c in self.cues], self.domains
        )
        self.root = np.sqrt(self.present @ self.opening)
        self.grams = ngrams(read)
        self.domain = np.array([self.classes.index(m.domain) for m in messages])
        self.lead = np.array([m.lead for m in messages], int)
        self.weight = np.array([m.weight for m in messages])
        self.gold = np.array([m.gold for m in messages])
        self.lead_cues = [k for k, c in enumerate(self.cues) if c.id in LEAD_CUES]

    @cached_property
    def basis(self) -> tuple[np.ndarray, np.ndarray]:
        """Return (U, s): the scaled n-grams are U·s in the basis."""
        gram = (self.grams @ self.grams.T).toarray() * GRAM_SHARE**2
        values, vectors = np.linalg.eigh(gram)
        kept = values > 1e-6
        return vectors[:, kept], np.sqrt(values[kept])

    @cached_property
    def inner(self) -> np.ndarray:
        vectors, scale = self.basis
        return vectors * scale

    def to_buckets(self, weights: np.ndarray) -> np.ndarray:
        """Turn weights in the basis into weights by bucket."""
        vectors, scale = self.basis
        return np.asarray(self.grams.T @ ((vectors / scale) @ weights)) * GRAM_SHARE**2


def ngrams(read: texts.Texts) -> sp.csr_matrix:
    """Return (messages × buckets) counts over the root of their number, as the kernel scores them."""
    off = np.zeros(read.count + 1, np.int64)
    none = np.zeros(0, np.int32)
    kernels.ngram_rows(read.buf, read.off, off, False, none)
    np.cumsum(off, out=off)
    index = np.empty(off[-1], np.int32)
    kernels.ngram_rows(read.buf, read.off, off.copy(), True, index)
    many = np.diff(off)
    data = np.repeat(1 / np.sqrt(np.maximum(many, 1)), many).astype(np.float64)
    return sp.csr_matrix((data, index, off), shape=(read.count, kernels.BUCKETS))


@dataclass(frozen=True)
class DomainFit:
    """slopes: how much the rulebook's sums count (domains; for and against a lead, on none)."""

    slopes: np.ndarray
    bias: np.ndarray
    cues: np.ndarray
    grams: np.ndarray

    def logits(self, f: Features, rows: np.ndarray) -> np.ndarray:
        count = len(f.domains)
        out = f.present[rows] @ self.cues + f.inner[rows] @ self.grams + self.bias
        out[:, 1:] += self.slopes[0] * f.root[rows][:, :count]
        out[:, 0] += f.root[rows][:, count:] @ self.slopes[1:]
        return out


def fit_domain(f: Features, rows: np.ndarray) -> DomainFit:
    """Fit the domains: one slope for the rulebook's sums of all domains, small corrections per class.

    A domain with few examples therefore keeps what the rulebook says of it.
    """
    k, count = len(f.classes), len(f.domains)
    root, y, w = f.root[rows], f.domain[rows], f.weight[rows]
    x = np.hstack([f.present[rows] * CUE_SHARE, f.inner[rows]])
    cue_count = f.present.shape[1]
    penalty = np.full((x.shape[1], 1), GRAM_PENALTY)
    penalty[:cue_count] = CUE_PENALTY
    truth = np.eye(k)[y]

    def loss(t: np.ndarray) -> tuple[float, np.ndarray]:
        slopes, bias, r = t[:3], t[3 : 3 + k], t[3 + k :].reshape(-1, k)
        out = x @ r + bias
        out[:, 1:] += slopes[0] * root[:, :count]
        out[:, 0] += root[:, count:] @ slopes[1:]
        p = softmax(out)
        value = -(w * np.log(p[np.arange(len(y)), y] + 1e-12)).sum()
        value += (
            0.5 * (penalty * r**2).sum() + 0.5 * BIAS_PENALTY * ((bias - bias.mean()) ** 2).sum()
        )
        value += 0.5 * SLOPE_PENALTY * ((slopes - SLOPES) ** 2).sum()
        e = (p - truth) * w[:, None]
        down = np.r_[(e[:, 1:] * root[:, :count]).sum(), root[:, count:].T @ e[:, 0]]
        return value, np.concatenate(
            [
                down + SLOPE_PENALTY * (slopes - SLOPES),
                e.sum(0) + BIAS_PENALTY * (bias - bias.mean()),
                (x.T @ e + penalty * r).ravel(),
            ]
        )

    start = np.r_[SLOPES, np.zeros(k + x.shape[1] * k)]
    t = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80}).x
    r = t[3 + k :].reshape(-1, k)
    return DomainFit(t[:3], t[3 : 3 + k], r[:cue_count] * CUE_SHARE, r[cue_count:])


def lead_features(f: Features, rows: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """Return what decides a lead: is there a domain, which, a few cues, the words."""
    return np.hstack(
        [
            model.any_domain(logits)[:, None],
            softmax(logits)[:, 1:] * model.CHAIN_SHARE,
            f.present[rows][:, f.lead_cues] * CUE_SHARE,
            f.inner[rows] * LEAD_GRAM_SHARE,
        ]
    )


def fit_lead(f: Features, rows: np.ndarray) -> LogisticRegression:
    """Fit the lead on domain scores of messages the domain fit did not see."""
    logits = np.zeros((len(rows), len(f.classes)))
    for a, b in StratifiedKFold(INNER_FOLDS, shuffle=True, random_state=0).split(
        rows, f.lead[rows]
    ):
        logits[b] = fit_domain(f, rows[a]).logits(f, rows[b])
    found = LogisticRegression(max_iter=1000)
    return found.fit(lead_features(f, rows, logits), f.lead[rows], sample_weight=f.weight[rows])


def cross_validate(f: Features, repeats: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Return (domain log-odds, lead probability) of the gold messages, each from fits without it.

    The other messages are always trained on.
    """
    measured = np.flatnonzero(f.gold)
    extra = np.flatnonzero(~f.gold)
    logits = np.zeros((len(measured), len(f.classes)))
    lead = np.zeros(len(measured))
    for repeat in range(repeats):
        strata = f.lead[measured] + 2 * (f.domain[measured] > 0)
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=repeat)
        for a, b in folds.split(measured, strata):
            rows = np.r_[measured[a], extra]
            out = fit_domain(f, rows).logits(f, measured[b])
            logits[b] += out / repeats
            features = lead_features(f, measured[b], out)
            lead[b] += fit_lead(f, rows).predict_proba(features)[:, 1] / repeats
    return logits, lead


def softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def background() -> list[str]:
    """Return the texts rarity is counted in: not those incidents are measured on."""
    own = {title for key, (title, _) in pool().items() if key.startswith("T3-")}
    every = [f"{title}\n{body}" for key, (title, body) in pool().items() if key[:3] != "T3-"]
    with (CITIZEN / "teddy_titles_dev.csv").open(encoding="utf-8") as file:
        every += [r["留言主题"] for r in csv.DictReader(file) if r["留言主题"].strip() not in own]
    replied = tables.read_table(CITIZEN / "messages_with_replies_2816.xlsx")
    for title, body in zip(replied["title"].to_pylist(), replied["text"].to_pylist(), strict=True):
        if title.strip() not in own:
            every.append(f"{title}\n{body}")
    return list(dict.fromkeys(every))


def rarity(bits: int = 18) -> np.ndarray:
    """Return how telling each pair of characters is: log of messages over messages that have it."""
    every = background()
    read = texts.read(None, pa.array(every), len(every))
    have = np.zeros(1 << bits)
    bucket: dict[tuple[str, str], int] = {}
    for row in range(read.count):
        for pair in set(itertools.pairwise(read.row(row))):
            if pair not in bucket:
                named = all(in_name(np.uint64(ord(c))) for c in pair)
                bucket[pair] = pair_bucket(ord(pair[0]), ord(pair[1]), 1 << bits) if named else -1
        found = {bucket[pair] for pair in itertools.pairwise(read.row(row))} - {-1}
        have[list(found)] += 1
    return np.log((len(every) + 1) / (have + 1)).astype(np.float32)


@dataclass(frozen=True)
class Pairs:
    """Pairs of reports a person compared: row numbers, same or not, and what each stands for."""

    one: np.ndarray
    other: np.ndarray
    same: np.ndarray
    stratum: np.ndarray
    weight: np.ndarray


def read_pairs(ids: list[str]) -> Pairs:
    """Return the labelled pairs (undecided ones left out); weight = stratum size over sample."""
    row = {name: index for index, name in enumerate(ids)}
    with (CITIZEN / "same_incident_dev.csv").open(encoding="utf-8") as file:
        read = [r for r in csv.DictReader(file) if r["label"] in {"0", "1"}]
    strata = [r["lo"] for r in read]
    return Pairs(
        np.array([row[r["id1"]] for r in read]),
        np.array([row[r["id2"]] for r in read]),
        np.array([r["label"] == "1" for r in read]),
        np.array(strata),
        np.array([float(r["stratum_size"]) / strata.count(r["lo"]) for r in read]),
    )


def pair_folds(read: Pairs) -> list[tuple[np.ndarray, np.ndarray]]:
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    return list(folds.split(read.one, read.same))


def fit_pairs(
    traces: np.ndarray, read: Pairs, rows: np.ndarray, rules: incidents.IncidentRules
) -> incidents.IncidentRules:
    """Return the rules with weights fitted to these pairs; the distance, never seen here, is kept."""
    rarity_ = book.load().model.rarity
    found = np.zeros((len(rows), len(incident_kernels.FEATURES)), np.float32)
    masses = np.zeros((len(traces), 2), np.float32)
    incident_kernels.write_masses(traces, rarity_, masses)
    for k, row in enumerate(rows):
        a, b = traces[read.one[row]], traces[read.other[row]]
        m = masses[read.one[row]], masses[read.other[row]]
        incident_kernels.compare(a, b, *m, rarity_, rules.rare, found[k])
    fit = LogisticRegression(C=PAIR_C, max_iter=1000)
    fit.fit(found, read.same[rows], sample_weight=np.sqrt(read.weight[rows]))
    weights = dict(zip(incident_kernels.FEATURES, fit.coef_[0].tolist(), strict=True))
    return replace(
        rules, weights=weights | {"far": rules.weights["far"]}, bias=float(fit.intercept_[0])
    )


def gather(traces: np.ndarray, ids: list[str], rules: incidents.IncidentRules) -> list[str]:
    """Return the incident of each report under these rules."""
    found = gathering.gather(rules, book.load().model.rarity, traces, pa.array(ids))
    return found.to_pylist()
