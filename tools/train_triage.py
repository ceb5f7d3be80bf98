"""Train the shipped triage model: `python tools/train_triage.py`.

Reads the shared messages and labels, our readings and the written messages;
writes `rulebook/triage/model.npz` (weights; no text can be read back) and
`model.toml` (the card: what it was trained on, how good it is, what it is
not for). Says so and stops where the shared data is absent.
"""

import sys
from datetime import date

import numpy as np
import triage_conformal as conformal
import triage_training as training
from triage_measures import lead_measures, per_domain

from jingyi.core import rulebook
from jingyi.core.triage import book, incidents, model, pipeline
from jingyi.engines import tables


def main() -> int:
    if not training.CITIZEN.exists():
        print("训练数据不在（../shared/data/citizen），模型未重训。")
        return 0
    messages = [*training.gold(), *training.readings(), *training.written()]
    f = training.Features(messages)
    logits, lead = training.cross_validate(f)
    truth, leads = f.domain[f.gold], f.lead[f.gold]
    temperature = conformal.best_temperature(logits, truth)
    calibrated = training.softmax(logits / temperature)
    set_at = conformal.set_at(calibrated, truth)
    sets = conformal.coverage(logits, truth, f.classes)
    lead_at = best_threshold(lead, leads)
    rows = np.arange(len(messages))
    domains, leading = training.fit_domain(f, rows), training.fit_lead(f, rows)
    save(f, domains, leading)
    table = per_domain(f.classes, truth, calibrated.argmax(1))

    card = write_card(
        f, table, lead_measures(leads, lead >= lead_at), temperature, lead_at, set_at, sets
    )
    print(card)
    print_pairs()
    return 0


def best_threshold(lead: np.ndarray, truth: np.ndarray) -> float:
    """Return the middle of the thresholds whose F1 is within half a point of the best."""
    tried = np.arange(0.25, 0.66, 0.01)
    f1 = np.array([lead_measures(truth, lead >= t)["f1"] for t in tried])
    return float(np.median(tried[f1 >= f1.max() - 0.005]))


def save(f: training.Features, domains: training.DomainFit, leading: object) -> None:
    """Write the weights as the pipeline wants them."""
    k, count = len(f.classes), len(f.domains)
    chain, rest = np.split(leading.coef_[0], [k])
    on_cues, on_grams = np.split(rest, [len(f.lead_cues)])
    cues = np.zeros((len(f.cues), k + 1))
    cues[:, :k] = domains.cues
    cues[f.lead_cues, k] = on_cues * training.CUE_SHARE
    mix = np.zeros((count + 2, k + 1))
    mix[np.arange(count), np.arange(1, k)] = domains.slopes[0]
    mix[count:, 0] = domains.slopes[1:]
    inner = np.c_[domains.grams, on_grams * training.LEAD_GRAM_SHARE]
    np.savez_compressed(
        rulebook.ROOT / "triage" / "model.npz",
        mix=mix.astype(np.float32),
        cues=cues.astype(np.float16),
        grams=f.to_buckets(inner).astype(np.float16),
        bias=np.r_[domains.bias, leading.intercept_].astype(np.float32),
        chain=np.r_[chain[0], chain[1:] * model.CHAIN_SHARE].astype(np.float32),
        rarity=training.rarity().astype(np.float16),
    )


def write_card(  # noqa: PLR0917
    f: training.Features,
    table: list[dict[str, object]],
    lead: dict[str, float],
    temperature: float,
    lead_at: float,
    set_at: float,
    sets: conformal.Coverage,
) -> str:
    """Write model.toml and return it."""
    gold, other = int(f.gold.sum()), int((~f.gold).sum())
    lines = [
        "# The learned part of triage. Written by tools/train_triage.py; edit that, not this.",
        'id           = "triage.model"',
        'title        = "领域与线索的线性模型"',
        'title_en     = "Linear model of domains and leads"',
        'status       = "assumed"',
        f"confirmed_on = {date.today().isoformat()}",  # noqa: DTZ011
        f'trained_on   = "citizen 标注 {gold} 条（两人独立判读）；同源留言另判读与自拟语句 {other} 条"',
        'not_for      = "不得据以拒绝受理、作出决定或评价个人；只用于排序和提示，由检察官判断"',
        'measured     = "五折交叉验证，被测留言不参与训练；规则词在看过这些留言之后拟定，故偏乐观"',
        "",
        f"classes     = {toml_list([*f.classes, model.LEAD])}",
        f"cue_ids     = {toml_list([cue.id for cue in f.cues])}",
        f"temperature = {temperature:.3f}",
        f"lead_at     = {lead_at:.2f}  # probability from which a message is a lead",
        f"set_at      = {set_at:.4f}  # probability from which a domain is in the set (error {conformal.ERROR:.0%})",
        "margin      = 0.02  # two domains closer than this are a question",
        "",
        "[quality.lead]",
        *(f"{name} = {value:.3f}" for name, value in lead.items()),
        "",
        f"[quality.sets]  # {conformal.SPLITS} splits of the cross-validated messages that have a domain",
        f"error   = {conformal.ERROR:.2f}  # chosen",
        f"missed  = {sets.missed:.3f}  # measured: sets without the true domain",
        f"worst   = {sets.worst:.3f}  # 95th percentile of the splits",
        f"size    = {sets.size:.2f}  # domains in a set",
        f"asks    = {sets.asks:.3f}  # share of all messages with two or more",
    ]
    for row in table:
        lines += [
            "",
            "[[quality.domain]]",
            f'slug = "{row["slug"]}"',
            f"messages = {row['messages']}",
        ]
        lines += [f"{name} = {row[name]:.3f}" for name in ("precision", "recall", "f1")]
    text = "\n".join(lines) + "\n"
    (rulebook.ROOT / "triage" / "model.toml").write_text(text, "utf-8")
    return text


def print_pairs() -> None:
    """Print the weights of incidents fitted to all pairs, to be written to incidents.toml by hand."""
    table = tables.read_table(training.CITIZEN / "messages_4326.xlsx")
    book.load.cache_clear()
    verdicts = pipeline.triage(table, book.load())
    read = training.read_pairs(verdicts["id"].to_pylist())
    rows = np.arange(len(read.same))
    traces = incidents.unpack(verdicts["trace"])
    rules = training.fit_pairs(traces, read, rows, book.load().incidents)
    weights = ", ".join(f"{name} {value:.2f}" for name, value in rules.weights.items())
    print(f"incidents.toml: bias {rules.bias:.2f}, {weights}")


def toml_list(values: list[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


if __name__ == "__main__":
    sys.exit(main())
