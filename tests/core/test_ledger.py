"""RFC 6962: the published vectors, an independent definition, and forgeries that must fail."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import ledger

# The eight inputs and roots used by the Certificate Transparency reference tests.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def build(leaves):
    """Append one by one, as the ledger does; return a reader of stored nodes."""
    nodes = {}
    for size, leaf in enumerate(leaves):
        for level, index, digest in ledger.append(size, leaf, lambda *at: nodes[at]):
            nodes[level, index] = digest
    return lambda level, index: nodes[level, index]


def defined_root(leaves):
    """The tree hash as RFC 6962, 2.1 writes it: recursive, obvious, slow."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


def leaves_of(n):
    return [ledger.leaf_hash(str(i).encode()) for i in range(n)]


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size):
    leaves = [ledger.leaf_hash(data) for data in INPUTS[:size]]

    assert ledger.root(size, build(leaves)).hex() == ROOTS[size - 1]
    assert ledger.root_of(leaves) == (size, bytes.fromhex(ROOTS[size - 1]))


def test_the_empty_tree_has_the_hash_of_nothing():
    assert ledger.root(0, build([])) == sha256().digest() == ledger.root_of([])[1]


@given(st.integers(1, 200), st.data())
def test_every_leaf_is_proved_and_only_in_its_place(size, data):
    leaves = leaves_of(size)
    read = build(leaves)
    root = ledger.root(size, read)
    index = data.draw(st.integers(0, size - 1))
    path = ledger.inclusion(index, size, read)

    assert root == defined_root(leaves)
    assert ledger.verify_inclusion(leaves[index], index, size, path, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index or size == 1))
    if other != index:
        assert not ledger.verify_inclusion(leaves[other], index, size, path, root)
        assert not ledger.verify_inclusion(leaves[index], other, size, path, root)
    assert not ledger.verify_inclusion(leaves[index], index, size, [*path, root], root)
    if path:
        assert not ledger.verify_inclusion(leaves[index], index, size, path[:-1], root)


@given(st.integers(1, 130), st.integers(1, 130))
def test_a_longer_ledger_proves_that_it_extends_the_shorter(one, other):
    old, new = sorted((one, other))
    read = build(leaves_of(new))
    before, after = ledger.root(old, read), ledger.root(new, read)
    proof = ledger.consistency(old, new, read)

    assert ledger.verify_consistency(old, new, proof, before, after)
    forged = leaves_of(new)
    forged[0] = ledger.leaf_hash(b"forged")
    rewritten = build(forged)
    assert not ledger.verify_consistency(
        old, new, ledger.consistency(old, new, rewritten), before, ledger.root(new, rewritten)
    )
    if old < new:
        assert not ledger.verify_consistency(old, new, proof[:-1], before, after)


@pytest.mark.parametrize(
    "call", [lambda r: ledger.inclusion(3, 3, r), lambda r: ledger.consistency(0, 3, r)]
)
def test_a_proof_beyond_the_tree_is_a_defect(call):
    with pytest.raises(ValueError, match=r"tree of 3|consistency proof"):
        call(build(leaves_of(3)))


def test_key_order_does_not_matter_but_values_do():
    a = ledger.canonical({"kind": "seal", "n": 1})

    assert a == ledger.canonical({"n": 1, "kind": "seal"})
    assert a != ledger.canonical({"kind": "seal", "n": 2})
