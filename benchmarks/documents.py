"""A whole suggestion: drafted from its facts, checked, set as PDF/A and written as DOCX.

Ours: everything between the facts and the bytes. The peer: python-docx writing the same paragraphs
and nothing else (no citations, no pages). The physical limit: the same number of bytes hashed and
written to disk. Target: a document in under 1 s.

    .venv/bin/python benchmarks/documents.py
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import docx  # noqa: E402 -- the path comes first
from tests.core.documents.papers import AUTHOR, FILE, ON  # noqa: E402 -- as above

from jingyi.core import rulebook  # noqa: E402 -- as above
from jingyi.core.documents.check import faults  # noqa: E402 -- as above
from jingyi.core.documents.draft import draft  # noqa: E402 -- as above
from jingyi.core.documents.model import Document, Fact  # noqa: E402 -- as above
from jingyi.engines.typesetting.docx import to_docx  # noqa: E402 -- as above
from jingyi.engines.typesetting.grid import pages_of  # noqa: E402 -- as above
from jingyi.engines.typesetting.pdf import to_pdf  # noqa: E402 -- as above

ROUNDS = 15
TARGET = 1.0  # seconds


def large(pages: int, mark: str = "") -> Document:
    """Return a suggestion of about so many pages."""
    harm = "经现场勘验，河段水体呈黑色，散发气味，岸边耕地受浸，检测结果超过标准限值数倍。"
    more = tuple(
        Fact("harm", f"{n}{mark}、{harm * 3}", date(2026, 8, 18), ("file:1",))
        for n in range(pages * 4)
    )
    file = replace(FILE, facts=(*FILE.facts, *more))
    template = rulebook.document("suggestion")
    made = draft(template, file, on=ON, author=AUTHOR)
    assert faults(made, template, rulebook.instruments(), on=ON) == ()
    return made


def seconds(job: Callable[[int], object]) -> float:
    found = []
    for n in range(ROUNDS):
        began = time.perf_counter()
        job(n)
        found.append(time.perf_counter() - began)
    return median(found)


def plain_docx(document: Document) -> None:
    paper = docx.Document()
    for paragraph in document.paragraphs:
        paper.add_paragraph(paragraph.text)
    paper.save(Path(tempfile.gettempdir()) / "peer.docx")


def written(made: bytes) -> None:
    with tempfile.NamedTemporaryFile() as stream:
        stream.write(made)
        stream.flush()
        sha256(made).digest()


def main() -> None:
    began = time.perf_counter()
    to_pdf(large(1, "冷"))
    cold = time.perf_counter() - began
    print(f"first document of a process, fonts and rulebook read: {cold:.3f} s")
    print(f"{'pages':>5} {'draft+check':>12} {'PDF/A':>8} {'DOCX':>8} {'screen':>8} {'all':>8} {'peer':>8} {'limit':>8}  (median of {ROUNDS}, ms)")  # fmt: skip
    worst = cold
    for pages in (1, 3, 10):
        # another text each round, so that the typesetter's memory of the last one does not count
        papers = [large(pages, str(n)) for n in range(ROUNDS)]
        made = to_pdf(papers[0])
        times = [
            seconds(lambda n, p=pages: large(p, str(n))),
            seconds(lambda n, d=papers: to_pdf(d[n], number=f"沚检行公建〔2026〕{n}号")),
            seconds(lambda n, d=papers: to_docx(d[n])),
            seconds(lambda n, d=papers: pages_of(d[n])),
        ]
        everything = sum(times)
        worst = max(worst, everything)
        others = [seconds(lambda n, d=papers: plain_docx(d[n])), seconds(lambda _, b=made: written(b))]  # fmt: skip
        shown = " ".join(f"{1000 * one:8.1f}" for one in [*times[1:], everything, *others])
        print(f"{len(pages_of(papers[0])):5} {1000 * times[0]:12.1f} {shown}")
    print(f"target {TARGET} s: {'met' if worst < TARGET else 'MISSED'} (worst {worst:.3f} s)")
    sys.exit(worst >= TARGET)


if __name__ == "__main__":
    main()
