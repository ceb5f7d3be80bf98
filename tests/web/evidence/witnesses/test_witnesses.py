"""Outside witnesses: each head must go on from the last; a rewritten or forked ledger is found."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.http import Http404
from django.urls import reverse

from jingyi.core import ledger as tree
from jingyi.core.refusal import Refusal
from jingyi.web.evidence.witnesses import actions, jobs
from jingyi.web.evidence.witnesses.models import Countersignature, Peer, Sighting
from jingyi.web.ledger import actions as ledger
from jingyi.web.ledger import signing, verifier
from jingyi.web.ledger.models import Entry, SignedHead
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db


class Other:
    """Another office: a ledger of its own, and a key."""

    def __init__(self, seed=b"\x07" * 32):
        self.secret = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = self.secret.public_key().public_bytes_raw().hex()
        self.nodes = {}
        self.size = 0

    def grow(self, *words):
        for word in words:
            leaf = tree.leaf_hash(word.encode())
            for level, index, digest in tree.append(self.size, leaf, self.read):
                self.nodes[level, index] = digest
            self.size += 1

    def read(self, level, index):
        return self.nodes[level, index]

    def head(self):
        said = {
            "size": self.size,
            "root": tree.root(self.size, self.read).hex(),
            "at": "2026-09-01",
        }
        signature = self.secret.sign(verifier.HEAD + tree.canonical(said)).hex()
        return {**said, "signature": signature}

    def since(self, old):
        return [one.hex() for one in tree.consistency(old, self.size, self.read)]


@pytest.fixture
def admin(city):
    return factories.person("admin", role="administrator", office=city.office)


@pytest.fixture
def other(admin):
    found = Other()
    actions.register(name="临浦市检察院", key=found.key, address="", by=admin, at=AT)
    found.grow("一", "二", "三")
    actions.see(key=found.key, head=found.head(), extends=[], at=AT)
    return found


def test_a_ledger_that_goes_on_is_countersigned(other):
    other.grow("四", "五")
    answer = actions.see(key=other.key, head=other.head(), extends=other.since(3), at=AT)
    head = {name: other.head()[name] for name in ("size", "root", "at")}
    said = tree.canonical({"key": other.key, "head": head, "at": answer["at"]})
    assert verifier.signature_holds(
        bytes.fromhex(answer["key"]), actions.WITNESS + said, bytes.fromhex(answer["signature"])
    )
    assert list(Sighting.objects.filter(agrees=True).values_list("size", flat=True)) == [5, 3]


def rewritten(other):
    """The same office with its second act changed, and longer."""
    found = Other()
    found.grow("一", "二改", "三", "四")
    return found, found.since(3)


def forked(other):
    """The same size, another last act."""
    found = Other()
    found.grow("一", "二", "三改")
    return found, []


def truncated(other):
    found = Other()
    found.grow("一", "二")
    return found, []


def reordered(other):
    found = Other()
    found.grow("二", "一", "三", "四")
    return found, found.since(3)


@pytest.mark.parametrize("how", [rewritten, forked, truncated, reordered])
def test_whatever_is_not_the_ledger_that_was_seen_is_found(other, admin, how):
    found, path = how(other)
    with pytest.raises(Refusal, match="不一致"):
        actions.see(key=other.key, head=found.head(), extends=path, at=AT)
    assert Sighting.objects.filter(agrees=False).count() == 1
    assert Entry.objects.filter(kind="witness.fork").exists()
    assert admin.notices.filter(key__startswith="fork:").exists()
    assert Sighting.objects.filter(agrees=True).order_by("-size").first().size == 3


def test_who_is_behind_is_told_where_we_stand(client, other):
    other.grow("四")
    body = {"key": other.key, "head": other.head(), "extends": []}
    see = reverse("witnesses:receive")
    answer = client.post(see, json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["size"]) == (409, 3)
    body["extends"] = other.since(3)
    answer = client.post(see, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"key": "00", "head": {}, "extends": []}', b"[" * 9000]
)
def test_nonsense_is_refused(client, other, body):
    answer = client.post(reverse("witnesses:receive"), body, content_type="application/json")
    assert answer.status_code in {400, 403}
    assert Sighting.objects.count() == 1


def test_a_stranger_with_another_key_is_not_heard(other):
    stranger = Other(b"\x08" * 32)
    stranger.grow("一", "二", "三", "四")
    with pytest.raises(Refusal, match="没有登记过"):
        actions.see(key=stranger.key, head=stranger.head(), extends=[], at=AT)
    with pytest.raises(Refusal, match="没有登记过"):
        actions.see(key=other.key, head=stranger.head(), extends=[], at=AT)


@pytest.fixture
def peer(admin):
    witness = Other(b"\x09" * 32)
    found = actions.register(
        name="省院", key=witness.key, address="https://witness.invalid/see/", by=admin, at=AT
    )
    seen = {"size": 0, "root": ""}

    def answer(_address, body):
        """A witness that checks as we do."""
        got = json.loads(body)
        head, path = got["head"], [bytes.fromhex(one) for one in got["extends"]]
        if seen["size"] and seen["size"] < head["size"] and not path:
            return 409, tree.canonical({"size": seen["size"]})
        if seen["size"] and not tree.verify_consistency(
            seen["size"],
            head["size"],
            path,
            bytes.fromhex(seen["root"]),
            bytes.fromhex(head["root"]),
        ):
            return 403, tree.canonical({"error": "fork"})
        seen.update(size=head["size"], root=head["root"])
        said = {
            "key": got["key"],
            "head": {n: head[n] for n in ("size", "root", "at")},
            "at": "now",
        }
        signature = witness.secret.sign(actions.WITNESS + tree.canonical(said)).hex()
        return 200, tree.canonical({"key": witness.key, "at": "now", "signature": signature})

    found.answer = answer
    return found


def grow(n):
    for k in range(n):
        ledger.append(kind="case.step", subject="case:2026-1", facts={"n": k}, by=None, at=AT)


def test_our_heads_are_witnessed_each_from_the_last(peer):
    grow(3)
    actions.tell(peer=peer, at=AT, send=peer.answer)
    grow(4)
    actions.tell(peer=peer, at=AT + timedelta(hours=7), send=peer.answer)
    assert Countersignature.objects.count() == 2
    Countersignature.objects.all().delete()  # we forgot what it saw: it says where it stands
    grow(1)
    actions.tell(peer=peer, at=AT + timedelta(hours=14), send=peer.answer)
    assert Countersignature.objects.count() == 1


def test_a_ledger_rewritten_here_is_found_by_its_witness(peer):
    grow(3)
    actions.tell(peer=peer, at=AT, send=peer.answer)
    from jingyi.web.ledger.models import TreeNode

    grow(3)
    TreeNode.objects.filter(level=0, index=1).update(digest=b"\x01" * 32)
    TreeNode.objects.filter(level=1, index=0).update(digest=b"\x02" * 32)
    TreeNode.objects.filter(level=2, index=0).update(digest=b"\x03" * 32)
    with pytest.raises(Refusal, match="没有接受"):
        actions.tell(peer=peer, at=AT + timedelta(hours=7), send=peer.answer)
    assert Peer.objects.get(pk=peer.pk).failed


def test_a_false_countersignature_is_refused(peer):
    grow(1)
    with pytest.raises(Refusal, match="见证签名不成立"):
        actions.tell(peer=peer, at=AT, send=lambda *_: (200, b'{"at": "now", "signature": "00"}'))
    with pytest.raises(Refusal, match="没有接受"):
        actions.tell(peer=peer, at=AT, send=lambda *_: (500, b"<html>"))


def test_a_witness_that_is_away_is_said_and_tried_again(peer):
    grow(1)
    assert jobs.tell_peers(at=AT) == {"told": 0, "failed": 1}
    assert "连接不上" in str(Peer.objects.get(pk=peer.pk).failed)


def test_the_sheet_of_a_head_says_what_the_file_says(client, admin, chief):
    grow(2)
    client.force_login(chief)
    answer = client.post(reverse("witnesses:sign"))
    page = client.get(answer.url).content.decode()
    head = SignedHead.objects.get()
    assert head.root in page
    written = json.loads(client.get(reverse("witnesses:head_file", args=[head.pk])).content)
    assert verifier.head_holds(written, bytes.fromhex(signing.public_key()))


def test_only_who_looks_after_the_vault_says_who_witnesses(client, admin, alice, chief, peer):
    with pytest.raises(Http404):
        actions.register(name="x", key="ab" * 32, address="", by=alice, at=AT)
    client.force_login(chief)
    for name, given in (("register", []), ("tell", [peer.pk]), ("retire", [peer.pk])):
        assert client.post(reverse(f"witnesses:{name}", args=given)).status_code == 404
    client.force_login(factories.person("lu", role="volunteer", office=None or peer.by.posts.get().procuratorate))  # fmt: skip
    for name in ("list", "sign"):
        assert client.post(reverse(f"witnesses:{name}")).status_code in {404, 405}
    assert client.get(reverse("witnesses:list")).status_code == 404
    client.force_login(admin)
    page = client.get(reverse("witnesses:list")).content.decode()
    assert "省院" in page
    assert (
        client.post(reverse("witnesses:register"), {"name": "x", "key": "short"}).status_code == 422
    )
    assert client.post(reverse("witnesses:retire", args=[peer.pk])).status_code == 303
