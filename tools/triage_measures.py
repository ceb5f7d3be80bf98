"""Precision, recall and F1, per domain, for leads and for pairs of reports."""

from collections.abc import Sequence

import numpy as np


def lead_measures(truth: np.ndarray, found: np.ndarray) -> dict[str, float]:
    """Return precision, recall and F1 of `found` against `truth`, both 0 or 1, with equal weights."""
    return weighted(truth, found, np.ones(len(truth)))


def weighted(truth: np.ndarray, found: np.ndarray, weight: np.ndarray) -> dict[str, float]:
    """Return precision, recall and F1, each case counting `weight`."""
    truth, found = truth.astype(bool), found.astype(bool)
    both = float(weight[truth & found].sum())
    precision = both / max(float(weight[found].sum()), 1e-9)
    recall = both / max(float(weight[truth].sum()), 1e-9)
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(precision + recall, 1e-9),
    }


def per_domain(
    classes: Sequence[str], truth: np.ndarray, found: np.ndarray
) -> list[dict[str, object]]:
    """Return one row a class that is there or was found: slug, messages, precision, recall, f1."""
    rows = []
    for k, slug in enumerate(classes):
        if (truth == k).any() or (found == k).any():
            rows.append(
                {"slug": slug, "messages": int((truth == k).sum())}
                | lead_measures(truth == k, found == k)
            )
    return sorted(rows, key=lambda row: -int(row["messages"]))


def macro(rows: Sequence[dict[str, object]], least: int = 20) -> float:
    """Return the mean F1 of the domains with at least `least` messages, none left out."""
    kept = [float(r["f1"]) for r in rows if r["messages"] >= least and r["slug"] != "none"]
    return sum(kept) / max(len(kept), 1)
