"""Records of persons linked without labels: ours beside Splink with its documented settings.

Two sets: historical persons (50,578 rows, truth for two thirds; Splink's own tutorial data and
settings) and febrl4 (5,000 against 5,000). Both engines run in this process, one after the other;
ours once before, because the first run compiles. The physical limit: the bare comparison of
postcodes, one number against another, over the same candidate pairs.
"""

import logging
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from jingyi.core.linkage import records, spec, string_kernels
from jingyi.core.linkage.encoding import encode
from jingyi.core.linkage.spec import Column, Key, Spec

DATA = Path(__file__).resolve().parents[2] / "shared/data/linkage"
RENAMED = {
    "full_name": "name", "first_and_surname": "called", "dob": "born", "postcode_fake": "postcode",
}  # fmt: skip
FEBRL = Spec(
    (
        Column("given_name", "name", least=(0.8, 0.9)),
        Column("surname", "name", least=(0.8, 0.9)),
        Column("date_of_birth", "name", least=(0.85,)),
        Column("soc_sec_id", "name", least=(0.9,)),
        Column("postcode", "code", prefixes=(2,), rare=True),
        Column("suburb", "name", least=(0.9,), rare=True),
    ),
    (
        Key((("date_of_birth", 0),)),
        Key((("soc_sec_id", 0),)),
        Key((("given_name", 0), ("surname", 0))),
        Key((("surname", 0), ("postcode", 0))),
        Key((("given_name", 0), ("postcode", 0))),
        Key((("given_name", 2), ("surname", 2), ("postcode", 2))),
    ),
    threshold=0.95,
    largest_block=2000,
)


def pair_scores(truth: np.ndarray, found: np.ndarray) -> tuple[float, float, float]:
    """Return precision, recall and F1 of all pairs within clusters; rows without truth are left out."""
    table = pd.DataFrame({"t": truth, "c": found}).dropna()

    def pairs(by: list[str]) -> int:
        n = table.groupby(by).size()
        return int((n * (n - 1) // 2).sum())

    both = pairs(["t", "c"])
    return _scores(both, pairs(["c"]), pairs(["t"]))


def _scores(both: int, said: int, true: int) -> tuple[float, float, float]:
    return both / max(said, 1), both / true, 2 * both / (said + true)


def edge_scores(truth: pd.Series, one: np.ndarray, other: np.ndarray) -> tuple[float, float, float]:
    """Return precision, recall and F1 of single pairs of rows whose truth is known."""
    known = truth.notna().to_numpy()
    code = pd.factorize(truth)[0]
    judged = known[one] & known[other]
    n = np.bincount(code[known])
    both = int((judged & (code[one] == code[other])).sum())
    return _scores(both, int(judged.sum()), int((n * (n - 1) // 2).sum()))


def show(name: str, seconds: float, edges: tuple[float, ...], clusters: tuple[float, ...]) -> None:
    told = "  ".join(
        f"{what} P {p:.3f} R {r:.3f} F1 {f:.3f}"
        for what, (p, r, f) in (("pairs", edges), ("clusters", clusters))
    )
    print(f"  {name:<34}{seconds:7.2f} s   {told}")


def ours(table: pa.Table, rules: Spec, truth: pd.Series, source: str = "") -> None:
    records.link(table, rules, source=source)  # compiles
    begun = perf_counter()
    found = records.link(table, rules, source=source)
    seconds = perf_counter() - begun
    heavy = found.weight >= np.log2(rules.threshold / (1 - rules.threshold))
    edges = edge_scores(truth, found.pairs.one[heavy], found.pairs.other[heavy])
    show("Jingyi", seconds, edges, pair_scores(truth.to_numpy(), found.cluster))
    _limit(table, found)


def _limit(table: pa.Table, found: records.Linked) -> None:
    code = encode(table, "postcode").code
    parts, out = np.stack([code]), np.empty(len(found.pairs.one), np.int8)
    string_kernels.prefix_levels(found.pairs.one, found.pairs.other, parts, out)
    begun = perf_counter()
    string_kernels.prefix_levels(found.pairs.one, found.pairs.other, parts, out)
    took = max(perf_counter() - begun, 1e-9)
    print(
        f"  {'limit: one column of numbers':<34}{took:7.4f} s   {len(out):,} candidate pairs, "
        f"{len(out) / took / 1e6:.0f} M pairs/s"
    )


def splinks(frame: pd.DataFrame | list[pd.DataFrame], run: Callable[[Any], Any]) -> Any:
    """Run Splink on DuckDB; return (seconds, predictions, clusters)."""
    from splink import DuckDBAPI, Linker  # noqa: PLC0415 - a peer, only here

    logging.disable(logging.CRITICAL)
    begun = perf_counter()
    api = DuckDBAPI()
    settings, train = run(None)
    frames = frame if isinstance(frame, list) else [frame]
    registered = [api.register(one) for one in frames]
    linker = Linker(registered if len(registered) > 1 else registered[0], settings)
    train(linker)
    said = linker.inference.predict(threshold_match_probability=0.01)
    grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(
        said, threshold_match_probability=0.95
    )
    clusters = grouped.as_pandas_dataframe()
    seconds = perf_counter() - begun
    return seconds, said.as_pandas_dataframe(), clusters


def historical_settings(_: object) -> Any:
    """Return what Splink's tutorial for this data says."""
    import splink.comparison_library as cl  # noqa: PLC0415
    from splink import SettingsCreator, block_on  # noqa: PLC0415

    rare = {"term_frequency_adjustments": True}
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname",
                forename_surname_concat_col_name="first_name_surname_concat",
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(**rare),
            cl.ExactMatch("occupation").configure(**rare),
        ],
    )  # fmt: skip

    def train(linker: Any) -> None:
        known = [
            "l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob",
            (
                "substr(l.first_name,1,2) = substr(r.first_name,1,2) and l.surname = r.surname"
                " and substr(l.postcode_fake,1,2) = substr(r.postcode_fake,1,2)"
            ),
            "l.dob = r.dob and l.postcode_fake = r.postcode_fake",
        ]
        linker.training.estimate_probability_two_random_records_match(known, recall=0.6)
        linker.training.estimate_u_using_random_sampling(max_pairs=5e6)
        for key in (block_on("first_name", "surname"), block_on("dob")):
            linker.training.estimate_parameters_using_expectation_maximisation(
                key, estimate_without_term_frequencies=True
            )

    return settings, train


def febrl_settings(_: object) -> Any:
    """Return what Splink's example for febrl4 says."""
    import splink.comparison_library as cl  # noqa: PLC0415
    from splink import SettingsCreator, block_on  # noqa: PLC0415

    keys = [
        block_on("given_name", "surname"),
        block_on("surname", "postcode"),
        block_on("given_name", "postcode"),
        block_on("date_of_birth"),
        block_on("soc_sec_id"),
    ]
    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only",
        blocking_rules_to_generate_predictions=keys,
        comparisons=[
            cl.JaroWinklerAtThresholds("given_name", [0.9, 0.8]),
            cl.JaroWinklerAtThresholds("surname", [0.9, 0.8]),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
            cl.LevenshteinAtThresholds("suburb", [2]),
        ],
    )

    def train(linker: Any) -> None:
        linker.training.estimate_probability_two_random_records_match(
            ["l.given_name = r.given_name and l.surname = r.surname and l.postcode = r.postcode",
             "l.soc_sec_id = r.soc_sec_id"], recall=0.8,
        )  # fmt: skip
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
        for key in (block_on("date_of_birth"), block_on("postcode")):
            linker.training.estimate_parameters_using_expectation_maximisation(key)

    return settings, train


def historical() -> None:
    frame = pd.read_parquet(DATA / "historical_50k_two_thirds_truth.parquet")
    print(f"historical persons, {len(frame):,} rows")
    table = pa.Table.from_pandas(frame.rename(columns=RENAMED), preserve_index=False)
    ours(table, spec.persons(), frame.cluster)
    peer = frame.drop(columns=["full_name", "first_and_surname", "cluster"])
    peer["first_name_surname_concat"] = peer.first_name + " " + peer.surname
    seconds, said, clusters = splinks(peer, historical_settings)
    row = pd.Series(range(len(frame)), index=frame.unique_id)
    _show_splink(seconds, said, clusters, row, frame.cluster, "unique_id")


def febrl() -> None:
    a, b = (
        pd.read_csv(DATA / f"febrl/dataset4{x}.csv", skipinitialspace=True, dtype=str) for x in "ab"
    )
    frame = pd.concat([a.assign(source="a"), b.assign(source="b")], ignore_index=True)
    truth = frame.rec_id.str.extract(r"rec-(\d+)-")[0]
    print(f"febrl4, {len(a):,} against {len(b):,} rows")
    ours(pa.Table.from_pandas(frame, preserve_index=False), FEBRL, truth, "source")
    seconds, said, clusters = splinks([a, b], febrl_settings)
    row = pd.Series(range(len(frame)), index=frame.rec_id)
    _show_splink(seconds, said, clusters, row, truth, "rec_id")


def _show_splink(  # noqa: PLR0917
    seconds: float, said: pd.DataFrame, clusters: pd.DataFrame, row: pd.Series,
    truth: pd.Series, key: str,
) -> None:  # fmt: skip
    heavy = said[said.match_probability >= 0.95]
    edges = edge_scores(truth, *(row[heavy[f"{key}_{side}"]].to_numpy() for side in "lr"))
    found = pd.Series(row[clusters[key]].to_numpy(), dtype=int)
    by_row = np.empty(len(truth), dtype=object)
    by_row[found.to_numpy()] = clusters.cluster_id.to_numpy()
    show("Splink 5, documented settings", seconds, edges, pair_scores(truth.to_numpy(), by_row))


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    if not DATA.exists():
        sys.exit(print("没有 ../shared/data/linkage：这项比对不在这台机器上量。"))
    historical()
    febrl()
