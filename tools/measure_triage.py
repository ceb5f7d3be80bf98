"""Measure triage on the shared messages: `python tools/measure_triage.py`.

Prints precision and recall per domain, F1 for lead or not, F1 of pairs of one
incident, and rows per second. The domain and lead figures are cross-validated:
no message is judged by a model that was trained on it. The shared data is no
part of the repository; where it is absent this says so and stops.
"""

import sys
import time
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import triage_conformal as conformal
import triage_training as training
from triage_measures import lead_measures, macro, per_domain, weighted

from jingyi.core.triage import book, incidents, pipeline
from jingyi.engines import tables


def main() -> int:
    if not training.CITIZEN.exists():
        print("没有 ../shared/data/citizen，跳过测量。")
        return 0
    domains_and_leads()
    verdicts = whole_file()
    pairs(verdicts)
    return 0


def domains_and_leads() -> None:
    """Cross-validate the domain and the lead on the messages that two people labelled."""
    f = training.Features([*training.gold(), *training.readings(), *training.written()])
    logits, lead = training.cross_validate(f)
    rows = per_domain(f.classes, f.domain[f.gold], logits.argmax(1))
    print(f"{'domain':16}{'messages':>9}{'precision':>11}{'recall':>8}{'F1':>7}")
    for row in rows:
        print(
            f"{row['slug']:16}{row['messages']:9d}{row['precision']:11.3f}"
            f"{row['recall']:8.3f}{row['f1']:7.3f}"
        )
    print(f"macro-F1, domains with 20 messages or more: {macro(rows):.3f}")
    measured = lead_measures(f.lead[f.gold], lead >= book.load().model.lead_at)
    sets = conformal.coverage(logits, f.domain[f.gold], f.classes)
    print(
        f"conformal sets, error {conformal.ERROR:.0%} chosen: {sets.missed:.1%} missed "
        f"(95 of 100 splits at most {sets.worst:.1%}), {sets.size:.2f} domains a set, "
        f"{sets.asks:.1%} of all messages ask; "
        + ", ".join(f"{name} {share:.1%}" for name, share in sets.by_domain.items())
    )
    print("lead or not: " + ", ".join(f"{name} {value:.3f}" for name, value in measured.items()))


def whole_file() -> pa.Table:
    """Judge the whole file, twice: the first time compiles."""
    table = tables.read_table(training.CITIZEN / "messages_4326.xlsx")
    pipeline.triage(table.slice(0, 50), book.load())
    began = time.perf_counter()
    verdicts = pipeline.triage(table, book.load())
    seconds = time.perf_counter() - began
    print(
        f"\n{table.num_rows} messages in {seconds:.1f} s, {table.num_rows / seconds:,.0f} a second; "
        f"{sum(verdicts['is_lead'].to_pylist())} leads, "
        f"{len(set(verdicts['incident'].to_pylist()))} incidents"
    )
    return verdicts


def pairs(verdicts: pa.Table) -> None:
    """Compare incidents with the pairs a person read; each pair weighs what its stratum stands for.

    Once with the weights as shipped (fitted to these very pairs), once with
    weights fitted to four fifths of the pairs and measured on the others.
    """
    read = training.read_pairs(verdicts["id"].to_pylist())
    traces = incidents.unpack(verdicts["trace"])
    rules = book.load().incidents
    shipped = _together(verdicts["incident"].to_pylist(), read)
    held_out = np.zeros(len(read.same), bool)
    for a, b in training.pair_folds(read):
        fitted = training.fit_pairs(traces, read, a, rules)
        found = training.gather(traces, verdicts["id"].to_pylist(), fitted)
        held_out[b] = _together(found, read)[b]
    print(f"pairs of one incident ({len(read.same)} read, weighted by stratum)")
    for name, found in (("weights as shipped", shipped), ("cross-validated", held_out)):
        measured = weighted(read.same, found, read.weight)
        print(f"  {name}: " + ", ".join(f"{key} {value:.3f}" for key, value in measured.items()))
        of = b_cubed(read, found)
        print("    B³ over their messages: " + ", ".join(f"{k} {v:.3f}" for k, v in of.items()))
    for stratum in sorted(set(read.stratum)):
        here = read.stratum == stratum
        one = weighted(read.same[here], shipped[here], np.ones(here.sum()))
        print(f"  similarity from {stratum}: {here.sum()} pairs, F1 {one['f1']:.3f}")


def b_cubed(read: training.Pairs, found: np.ndarray) -> dict[str, float]:
    """Return B³ as far as pairs were read: for each message, the share of right company, averaged.

    Its company are the messages a person compared it with, and itself; a pair
    weighs what its stratum stands for.
    """
    truth, told, both = (np.ones(max(read.one.max(), read.other.max()) + 1) for _ in range(3))
    for side in (read.one, read.other):
        np.add.at(truth, side, read.weight * read.same)
        np.add.at(told, side, read.weight * found)
        np.add.at(both, side, read.weight * (read.same & found))
    here = np.unique(np.concatenate([read.one, read.other]))
    precision, recall = (both / told)[here].mean(), (both / truth)[here].mean()
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall),
    }


def _together(incident: Sequence[str], read: training.Pairs) -> np.ndarray:
    named = np.array(incident)
    return named[read.one] == named[read.other]


if __name__ == "__main__":
    sys.exit(main())
