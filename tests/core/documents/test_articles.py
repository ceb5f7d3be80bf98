"""Every article that a document cites exists in the text of the law, where that text is at hand."""

import re

import pytest

from jingyi.core import rulebook
from jingyi.demo.cases import worked

pytestmark = pytest.mark.shared_data

# where the whole text of an instrument is; the case-handling rules are there in excerpts only
TEXTS = {
    "pil-interpretation": "law/LawRefBook/司法解释/最高人民法院、最高人民检察院关于检察公益诉讼案件适用法律若干问题的解释*.md",
    "civil-procedure-law": "law/just-laws/procedural/civil-procedure/*.md",
    "cultural-relics-law": "law/just-laws/administrative/cultural-relics-protection-law/*.md",
}
EXCERPTS = {
    "pil-rules": "law/spp_rules/公益诉讼办案规则*.md",
    "suggestion-rules": "law/spp_rules/检察建议工作规定*.md",
}
ARTICLE = re.compile(r"第[一二三四五六七八九十百千零]+条")
RULES = 112  # articles of the case-handling rules
DIGITS = {character: n for n, character in enumerate("零一二三四五六七八九")}


def cited():
    found = set()
    for template in rulebook.documents().values():
        for element in template.elements:
            for source in (element.source, *(s for line in element.lines for s in line.cites)):
                for article in ARTICLE.findall(source.article):
                    found.add((source.instrument.id, article))
    for fact in rulebook.fact_kinds().values():
        found |= {(fact.source.instrument.id, a) for a in ARTICLE.findall(fact.source.article)}
    for one in worked()["fact"]:
        found |= {(name, ARTICLE.match(article)[0]) for name, article in one.get("articles", [])}
    return found


def number(article):
    """第一百零二条 → 102."""
    total, digit = 0, 0
    for character in article[1:-1]:
        if character in DIGITS:
            digit = DIGITS[character]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
    return total + digit


def text_of(shared, pattern):
    files = sorted(shared.glob(pattern))
    assert files, pattern
    return "".join(file.read_text("utf-8") for file in files)


@pytest.mark.parametrize("instrument", TEXTS)
def test_an_article_cited_exists(shared, instrument):
    known = set(ARTICLE.findall(text_of(shared, TEXTS[instrument])))

    articles = {article for name, article in cited() if name == instrument}
    assert articles
    assert articles - known == set()


def test_an_article_of_the_rules_is_among_their_112(shared):
    assert number("第一百零二条") == 102
    articles = {article for name, article in cited() if name == "pil-rules"}
    excerpt = set(re.findall(r"^(第[一二三四五六七八九十百零]+条)", text_of(shared, EXCERPTS["pil-rules"]), re.MULTILINE))  # fmt: skip

    assert articles & excerpt  # some can be read
    assert all(1 <= number(article) <= RULES for article in articles)


def test_no_document_cites_an_instrument_whose_text_is_nowhere():
    assert {name for name, _ in cited()} <= {*TEXTS, *EXCERPTS}
