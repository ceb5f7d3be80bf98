"""Who is named: companies, shops, organs, and unified social credit codes that check out."""

import re

from stdnum.cn import uscc

from jingyi.core.triage.names import Kind, Spans
from jingyi.core.triage.texts import Texts

CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])")
MOST = 12


def named(texts: Texts, spans: Spans, kinds: tuple[Kind, ...], i: int) -> list[str]:
    """Return the parties of row i in the order of the text, the shorter of two like names left out.

    A credit code is only taken with its check digit right.
    """
    found: list[str] = []
    for q in range(spans.count[i]):
        if kinds[spans.kind[i, q]].party:
            name = texts.part(i, spans.start[i, q], spans.end[i, q])
            if not any(name in known for known in found):
                found = [known for known in found if known not in name]
                found.append(name)
    return [*credit_codes(texts, i), *found][:MOST]


def credit_codes(texts: Texts, i: int) -> list[str]:
    """Return the valid unified social credit codes of row i."""
    if texts.off[i + 1] - texts.off[i] < 18:
        return []
    return [code for code in dict.fromkeys(CODE.findall(texts.row(i))) if uscc.is_valid(code)]
