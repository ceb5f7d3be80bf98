"""A draft of a typical case: how it begins from the file, and what it still lacks."""

from collections.abc import Mapping, Sequence
from datetime import date

from jingyi.core.documents.draft import in_words
from jingyi.core.documents.model import Document, Paragraph, Statement
from jingyi.core.typical.book import book
from jingyi.core.words import Sentence, say


def begin(facts: Sequence[str], steps: Sequence[tuple[date, str]]) -> dict[str, str]:
    """Return the sections that the file itself can fill: established facts, and steps by their days."""
    told = "".join(fact.strip().rstrip("。") + "。" for fact in facts if fact.strip())
    work = "".join(f"{in_words(on)}，{title}。" for on, title in sorted(steps, key=lambda s: s[0]))
    return {name: text for name, text in (("facts", told), ("work", work)) if text}


def lacks(sections: Mapping[str, str]) -> list[Sentence]:
    """Return what a draft still lacks: sections not written or too short to say anything."""
    found = []
    for name, section in book().sections.items():
        n = len(sections.get(name, "").strip())
        if not n:
            found.append(say("草稿没有写“{section}”。", section=section.title))
        elif n < section.least:
            found.append(say("“{section}”只有 {n} 字，至少要 {least} 字才说得清。",
                             section=section.title, n=n, least=section.least))  # fmt: skip
    return found


def paper(title: str, office: str, sections: Mapping[str, str], on: date) -> Document:
    """Return a draft as a document, section by section; unwritten ones are left out."""
    lines = [("title", title)]
    for name, section in book().sections.items():
        if text := sections.get(name, "").strip():
            lines.append(("heading", f"【{section.title}】"))
            lines += [("body", line.strip()) for line in text.splitlines() if line.strip()]
    paragraphs = tuple(Paragraph(s, (Statement(t, "said", cited=False),)) for s, t in lines)
    return Document("typical", title, office, on, paragraphs)
