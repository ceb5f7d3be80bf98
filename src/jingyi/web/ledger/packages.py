"""A sealed package: files, acts with their proofs, signed tree heads, and the program that checks them."""

import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.db.models import QuerySet

from jingyi.core import ledger
from jingyi.web.ledger import signing, verifier
from jingyi.web.ledger.actions import consistency_at, inclusion_at
from jingyi.web.ledger.models import Entry, SignedHead

README = """\
精益封存包

不需要联网，不需要安装软件，有 Python 3.10 以上即可：
    python3 -I -S verify.py 本包.zip --key 检察院公布的公钥
若另存有检察院此前交付的树头文件，加上 --head 文件名，可查出账本是否被改写。
本包证明：所载文件和记录与封存时一致，记录确在账本之中，各树头前后相承。
本包不证明：本案的全部记录都在包内；公钥属于谁（请与检察院公布的核对）。

A sealed package of Jingyi

No network and nothing to install; Python 3.10 or later is enough:
    python3 -I -S verify.py PACKAGE.zip --key THE-OFFICE'S-PUBLISHED-KEY
With a tree head the office handed over earlier, add --head FILE to find a rewritten ledger.
It proves that the files and acts are as they were sealed, that the acts are in the ledger, and
that each signed head extends the one before.
It does not prove that every act of the case is in here, nor whose key it is: compare the key.
"""
File = tuple[str, Iterable[bytes]]  # path in the package, content


def write(
    stream: IO[bytes],
    *,
    subject: str,
    files: Iterable[File],
    entries: QuerySet[Entry],
    upto: SignedHead,
) -> None:
    """Write a package about `subject` as of the signed head `upto`.

    Same files, acts and head: same bytes. The caller has checked who asks.

    Raises:
        Refusal: from `files`, when a sealed original is no longer what it was.
    """
    known = entries.filter(index__lt=upto.size)
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(stream, "w") as package:
        own = [
            ("README.txt", [README.encode()]),
            ("acts.json", _array(_act(one, upto.size) for one in known)),
            ("heads.json", [ledger.canonical(heads_until(upto))]),
            ("verify.py", [Path(verifier.__file__).read_bytes()]),
        ]
        for path, chunks in (*files, *own):
            listed.append({"path": path, **_add(package, path, chunks)})
        manifest = ledger.canonical(
            {
                "format": "jingyi-export/1",
                "subject": subject,
                "at": upto.at.isoformat(timespec="microseconds"),
                "key": upto.key,
                "files": listed,
            }
        )
        _add(package, "manifest.json", [manifest])
        _add(package, "manifest.sig", [signing.sign(verifier.MANIFEST + manifest)])


def heads_until(last: SignedHead) -> list[dict[str, Any]]:
    """Return the signed heads of one key up to `last`, each with the proof that it extends the one before."""
    result: list[dict[str, Any]] = []
    found = SignedHead.objects.filter(key=last.key, size__lte=last.size).order_by("size")
    before = 0
    for head in found:
        proof = consistency_at(before, head.size) if before else []
        result.append({**as_json(head), "extends": [one.hex() for one in proof]})
        before = head.size
    return result


def as_json(head: SignedHead) -> dict[str, Any]:
    """Return a head as it is handed to a witness."""
    also = {"sm2_key": head.sm2_key, "sm2_signature": head.sm2_signature} if head.sm2_key else {}
    return {
        "size": head.size,
        "root": head.root,
        "at": head.at.isoformat(timespec="microseconds"),
        "key": head.key,
        "signature": head.signature,
        **also,
    }


def _act(entry: Entry, size: int) -> bytes:
    path = [one.hex() for one in inclusion_at(entry.index, size)]
    return ledger.canonical({"index": entry.index, "body": entry.body, "path": path})


def _array(items: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a JSON array piece by piece."""
    mark = b"["
    for item in items:
        yield mark + item
        mark = b","
    yield b"[]" if mark == b"[" else b"]"


def _add(package: zipfile.ZipFile, path: str, chunks: Iterable[bytes]) -> dict[str, Any]:
    """Write one file, uncompressed and with no date of its own; return its size and SHA-256."""
    info = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
    info.external_attr = 0o644 << 16
    info.create_system = 3
    hasher, size = sha256(), 0
    with package.open(info, "w", force_zip64=True) as target:
        for chunk in chunks:
            hasher.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return {"size": size, "sha256": hasher.hexdigest()}
