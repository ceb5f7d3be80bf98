"""Two organs learn which identifiers they have in common, and nothing else of each other's lists.

Each turns its identifiers into keyed hashes: HMAC (RFC 2104) with SHA-256 or SM3 under a key that
both hold and nobody else, a key of its own for each query (HKDF, RFC 5869, from the agreed one), so
that what is handed over once cannot be held against another list. What this does not hide: how many
there are; and whoever has the agreed key can try every identity number there could be. The key is
therefore for the two organs alone, each query is counted, and short lists are refused.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from jingyi.core.refusal import Refusal

DIGESTS = ("sha256", "sm3")
KEY_BYTES = 32
HEX = re.compile(r"[0-9a-f]{64}\Z")


def new_key() -> str:
    """Return a new agreed key, 64 hexadecimal digits."""
    return secrets.token_hex(KEY_BYTES)


def query_key(agreed: str, agreement: str, query: int) -> bytes:
    """Return the key of one query under an agreement.

    Raises:
        Refusal: the agreed key is none.
    """
    if not HEX.match(agreed.strip().lower()):
        raise Refusal("密钥须是 64 位十六进制数字，由双方当面或者经专网交换。")
    salt = hmac.new(b"jingyi.collide.1", bytes.fromhex(agreed.strip()), "sha256").digest()
    return hmac.new(salt, f"{agreement}\n{query}\x01".encode(), "sha256").digest()


def blinded(values: Iterable[str], key: bytes, digest: str = "sha256") -> list[str]:
    """Return the keyed hashes of different values, in their own order, which tells nothing of the list's.

    Raises:
        Refusal: there is no such digest on this machine.
    """
    return sorted(hashed(set(values), key, digest).values())


def hashed(values: Iterable[str], key: bytes, digest: str = "sha256") -> dict[str, str]:
    """Return value → keyed hash."""
    if digest not in DIGESTS or digest not in hashlib.algorithms_available:
        raise Refusal("本机没有摘要算法 {name}；可用：sha256、sm3。", name=digest)
    return {value: hmac.new(key, value.encode(), digest).hexdigest() for value in values}


def in_common(ours: Mapping[str, str], theirs: Sequence[str]) -> list[str]:
    """Return our values that are in the other list too, in order.

    Args:
        ours: value → keyed hash.
        theirs: keyed hashes as they were handed over.
    """
    known = {one.strip().lower() for one in theirs}
    return sorted(value for value, told in ours.items() if told in known)


def refuse_probing(count: int, least: int) -> None:
    """Refuse a list so short that it asks about people by name."""
    if count < least:
        raise Refusal(
            "名单只有 {n} 个不同的号码，少于 {least} 个：这样的比对等于点名查询，不能做。",
            n=count,
            least=least,
        )


def refuse_spent(used: int, most: int, until: date, on: date) -> None:
    """Refuse a query under an agreement that is used up or has ended."""
    if used >= most:
        raise Refusal("这份约定的 {n} 次比对已经用完。确需再比对的，请另行约定。", n=most)
    if on > until:
        raise Refusal("这份约定到 {day} 为止。确需再比对的，请另行约定。", day=until)
