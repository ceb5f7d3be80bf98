"""The kinds of evidence come from the rulebook; what it does not call proof carries no sentence."""

from dataclasses import replace

import pytest
from django.utils import translation

from jingyi.core.documents.evidence import evidence_kinds
from jingyi.core.refusal import Refusal
from jingyi.web.cases.documents import facts
from jingyi.web.cases.documents.forms import ExhibitForm
from jingyi.web.cases.documents.models import Exhibit
from tests.web.cases.documents.conftest import exhibit, fact

pytestmark = pytest.mark.django_db


def test_the_form_offers_the_kinds_of_the_rulebook_in_its_order_and_in_both_languages():
    listed = evidence_kinds()
    offered = ExhibitForm().fields["kind"].choices

    assert [slug for slug, _ in offered] == [*listed]
    assert [str(label) for _, label in offered] == [str(one.title) for one in listed.values()]
    with translation.override("en"):
        assert str(dict(offered)["survey"]) == "Inspection record"


def test_the_article_lists_nine_kinds_and_a_screening_result_is_none_of_them():
    listed = evidence_kinds()

    assert [one.id for one in listed.values() if not one.proof] == ["screening", "quick-test"]
    assert [one.source.article for one in listed.values() if one.proof] == [
        *["第三十四条"] * 9, "第四十一条"
    ]  # fmt: skip


def test_an_exhibit_is_shown_by_the_title_of_its_kind(investigated, alice):
    assert str(exhibit(investigated, alice).get_kind_display()) == "勘验笔录"


def test_what_the_rulebook_does_not_call_proof_proves_no_fact(investigated, alice, monkeypatch):
    exhibit(investigated, alice, kind="expert")
    listed = evidence_kinds()
    changed = listed | {"expert": replace(listed["expert"], proof=False)}
    monkeypatch.setattr(facts, "evidence_kinds", lambda: changed)

    with pytest.raises(Refusal, match="要有证据"):
        fact(investigated, alice, "harm", "水体发黑。", ("exhibit:1",))
    monkeypatch.undo()
    assert fact(investigated, alice, "harm", "水体发黑。", ("exhibit:1",)).pk
    assert Exhibit.objects.get().kind == Exhibit.Kind.EXPERT
