"""The stored ledger: acts go in, nothing changes, and every change is found."""

import json
from datetime import timedelta

import pytest

from jingyi.web.ledger import queries
from jingyi.web.ledger.actions import Act, append, append_many
from jingyi.web.ledger.models import Entry, Head, TreeNode

pytestmark = pytest.mark.django_db


@pytest.fixture
def acts(alice, city, at):
    return append_many(
        Act("case.step", f"case:{n}", at + timedelta(minutes=n), alice, city.office.code, {"n": n})
        for n in range(13)
    )


def test_one_by_one_and_all_at_once_give_the_same_tree(alice, city, at, acts):
    together = queries.head()
    Entry.objects.all().delete()
    TreeNode.objects.all().delete()
    Head.objects.all().delete()
    for n in range(13):
        append(
            kind="case.step",
            subject=f"case:{n}",
            facts={"n": n},
            by=alice,
            at=at + timedelta(minutes=n),
            office=city.office,
        )

    assert queries.head() == together
    assert queries.verify().problem is None


def test_an_empty_ledger_is_in_order():
    proof = queries.verify()

    assert (proof.size, proof.problem) == (0, None)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: Entry.objects.filter(index=4).update(
            body={**Entry.objects.get(index=4).body, "facts": {"n": 5}}
        ),
        lambda: Entry.objects.filter(index=4).update(kind="case.closed"),
        lambda: Entry.objects.filter(index=4).update(by=None),
        lambda: Entry.objects.filter(index=12).delete(),
        lambda: Entry.objects.filter(index=4).delete(),
        lambda: Head.objects.update(size=12),
        lambda: TreeNode.objects.filter(level=1, index=2).update(digest=bytes(32)),
        lambda: TreeNode.objects.filter(level=0, index=3).delete(),
    ],
    ids=["facts", "kind", "who", "cut off", "taken out", "size", "inner node", "leaf"],
)
def test_whatever_is_changed_is_found(acts, tamper):
    assert queries.verify().problem is None
    tamper()

    assert queries.verify().problem is not None


def test_every_entry_is_proved_against_the_present_root(acts):
    assert all(queries.proof_of(entry)["holds"] for entry in Entry.objects.all())


def test_a_failed_act_leaves_nothing(alice, at):
    with pytest.raises(TypeError):
        append_many([Act("a", "x", at, alice), Act("b", "y", at, alice, "", {"n": object()})])

    assert queries.head()[0] == 0


def test_verify_on_the_command_line_says_ok(acts, capsys, settings):
    from jingyi.cli import main

    assert main(["verify", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["ok"] is True
    assert result["entries"] == 13

    Entry.objects.filter(index=1).update(kind="x")
    assert main(["verify", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["problems"]
