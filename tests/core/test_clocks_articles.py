"""Every quotation of a clock stands in the very article that it is cited from."""

import re

import pytest

from jingyi.core import rulebook

ARTICLE = re.compile(r"(?m)^[#*\s]*(第[一二三四五六七八九十百千零]+条)(?=[\s*　])")


def plain(text):
    return re.sub(r"[\s　*]+", "", text)


def articles(text):
    """Yield (number, text) of every article of a statute's text, to the next article."""
    found = list(ARTICLE.finditer(text))
    for this, following in zip(found, [*found[1:], None], strict=False):
        yield this[1], plain(text[this.end() : following.start() if following else None])


def cited():
    """Yield (rule, source) for every source of a clock that quotes the law."""
    for rule in rulebook.clocks():
        for version in rule.versions:
            counting = version.counting
            sources = [version.source, counting.start_day, counting.month_end, counting.roll]
            sources += [track.source for track in version.tracks.values() if track.source]
            sources += [one.source for one in version.pauses.values()]
            sources += [one.source for one in version.extensions.values()]
            yield from ((rule.id, source) for source in sources if source.quote)


@pytest.mark.shared_data
def test_every_quotation_stands_in_the_article_cited(shared):
    texts = {}
    for path in shared.glob("law/**/*.md"):
        for number, text in articles(path.read_text("utf-8")):
            texts.setdefault(number, []).append(text)

    wrong = [
        f"{rule}: {source}: {source.quote}"
        for rule, source in cited()
        if not any(
            plain(source.quote) in text
            for text in texts.get(re.match(r"第[^条]+条", source.article)[0], ())
        )
    ]
    assert len(list(cited())) > 120
    assert wrong == []


def test_a_clock_without_the_laws_words_is_not_settled():
    """What was not checked against a text may not be called settled."""
    unquoted = [
        f"{rule.id} {version.in_force_from}"
        for rule in rulebook.clocks()
        for version in rule.versions
        if version.reading.settled and not version.source.quote
    ]
    assert unquoted == []


def test_every_t_number_is_there():
    numbers = {number for rule in rulebook.clocks() for number in rule.numbers}
    numbers |= {t.number for r in rulebook.clocks() for v in r.versions for t in v.tracks.values()}

    assert {f"T{n:02d}" for n in range(1, 41)} <= numbers


def test_a_period_that_no_law_gives_is_the_offices_own():
    own = {number for rule in rulebook.clocks() if rule.nature == "soft" for number in rule.numbers}

    assert own == {"T04", "T05", "T11", "T12"}
