"""A signed receipt of one act: that it stands in the ledger since when, and nothing of what it says.

It holds the hash of the leaf, not the leaf. The leaf of a report carries a random salt, so that
nobody who guesses the words can try them against the hash. The office can open it later: the act
as recorded, hashed again, gives the leaf.
"""

from datetime import UTC, datetime
from typing import Any

from jingyi.core import ledger
from jingyi.web.ledger import signing, verifier
from jingyi.web.ledger.actions import inclusion_at, sign_head
from jingyi.web.ledger.models import Entry


def receipt_of(entry: Entry, *, office: str, at: datetime) -> dict[str, Any]:
    """Return the receipt of an act, signed; `office` is its name, as printed.

    The ledger's head is signed along with it, so that the receipt binds all that came before.
    """
    head = sign_head(at=at)
    leaf = ledger.leaf_hash(ledger.canonical(entry.body))
    said = {
        "kind": "jingyi-receipt-v1",
        "office": office,
        "filed": entry.at.astimezone(UTC).isoformat(timespec="minutes"),
        "leaf": leaf.hex(),
        "index": entry.index,
        "path": [one.hex() for one in inclusion_at(entry.index, head.size)],
        "head": {
            "size": head.size,
            "root": head.root,
            "at": head.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "signature": head.signature,
        },
        "key": head.key,
    }
    signed = signing.sign(verifier.RECEIPT + ledger.canonical(said))
    return {**said, "signature": signed.hex()}
