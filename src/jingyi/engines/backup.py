"""One file that holds an office: written whole or not at all, read only if nothing in it changed.

A ZIP: the database, the vault, the keys and whatever else lies in the data folder, then
`manifest.json`, which names each with its size and SHA-256, and `manifest.sig`, the office's
Ed25519 signature over it. The manifest is last: a file that broke off has none.
"""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any, Self

from jingyi.core.refusal import Refusal

FORMAT = 1
MANIFEST, SIGNATURE, DATABASE = "manifest.json", "manifest.sig", "jingyi.sqlite3"
CHUNK = 1 << 20  # bytes
LONGEST_MANIFEST = 1 << 30  # bytes; ten million files
EPOCH = (1980, 1, 1, 0, 0, 0)
Told = Callable[[int, int], object]  # bytes done, of how many


class Writer:
    """Writes a backup beside its name and gives it the name when it is whole.

    Raises:
        Refusal: there is a file of that name, no such folder, or the disk is full.
    """

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise Refusal("文件 {path} 已经存在，不会覆盖；请另取文件名。", path=path)
        if not path.parent.is_dir():
            raise Refusal("文件夹 {folder} 不存在；请先建立。", folder=path.parent)
        self.path = path
        self.entries: dict[str, dict[str, object]] = {}
        self.folder = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
        self._whole = self.folder / "backup"
        self._zip = zipfile.ZipFile(self._whole, "w", allowZip64=True)
        self._whole.chmod(0o600)  # the keys are in it

    def add(self, name: str, chunks: Iterable[bytes], *, packed: bool = False) -> None:
        """Write one file and remember its size and digest."""
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        size, digest = 0, hashlib.sha256()
        with self._zip.open(info, "w", force_zip64=True) as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.entries[name] = {"size": size, "sha256": digest.hexdigest()}

    def finish(self, said: dict[str, object], sign: Callable[[bytes], bytes]) -> None:
        """Write the manifest, flush the file to the disk and give it its name."""
        text = json.dumps(
            {"format": FORMAT, **said, "entries": self.entries}, ensure_ascii=False, sort_keys=True
        ).encode()
        self._zip.writestr(zipfile.ZipInfo(MANIFEST, EPOCH), text, zipfile.ZIP_DEFLATED)
        self._zip.writestr(zipfile.ZipInfo(SIGNATURE, EPOCH), sign(text).hex())
        self._zip.close()
        with self._whole.open("rb") as stream:
            os.fsync(stream.fileno())
        os.link(self._whole, self.path)  # unlike a rename, never over a file that came meanwhile

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, _: TracebackType | None
    ) -> None:
        if wrong and self._zip.fp:
            self._zip.fp.close()  # never finished: nothing more is written to it
            self._zip.fp = None
        shutil.rmtree(self.folder, ignore_errors=True)


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield a file's bytes."""
    while chunk := stream.read(CHUNK):
        yield chunk


class Reader:
    """A backup whose list of contents is complete and signed; each file is checked as it is read.

    Raises:
        Refusal: it is no backup, broke off, was changed, or is of a newer program.
    """

    def __init__(self, path: Path, verify: Callable[[str, bytes, bytes], bool]) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            if self._zip.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
                raise broken(path)
            text = self._zip.read(MANIFEST)
            signature = bytes.fromhex(self._zip.read(SIGNATURE).decode("ascii"))
            self.said: dict[str, Any] = json.loads(text)
            newer = self.said["format"] > FORMAT
            self.entries: dict[str, dict[str, Any]] = self.said["entries"]
            genuine = verify(self.said["key"], text, signature)
            self.total = sum(int(entry["size"]) for entry in self.entries.values())
        except FileNotFoundError:
            raise Refusal("没有文件 {path}；请核对文件名。", path=path) from None
        except (OSError, ValueError, KeyError, TypeError, RecursionError, zipfile.BadZipFile):
            raise broken(path) from None
        if newer:
            raise Refusal(
                "备份 {path} 由更新的版本写成，本机的程序读不了；请先升级程序再恢复。", path=path
            )
        named = sorted([*self.entries, MANIFEST, SIGNATURE])
        if not genuine or sorted(self._zip.namelist()) != named or not all(map(_safe, named)):
            raise broken(path)

    def extract(self, name: str, target: Path) -> int:
        """Write one file of the backup to `target`; return its size.

        Raises:
            Refusal: it is not what was backed up.
        """
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        said, digest, size = self.entries[name], hashlib.sha256(), 0
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            try:
                with self._zip.open(name) as stream:
                    for chunk in pieces(stream):
                        size += len(chunk)
                        if size > said["size"]:
                            break  # a bomb: more than was said
                        digest.update(chunk)
                        out.write(chunk)
            except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError):
                raise broken(self.path) from None
            out.flush()
            os.fsync(out.fileno())
        if (size, digest.hexdigest()) != (said["size"], said["sha256"]):
            raise broken(self.path)
        return size


def _safe(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\\" not in name


def broken(path: Path) -> Refusal:
    """Return the refusal of a file that is not the whole backup that was written."""
    return Refusal(
        "文件 {path} 不是完整的备份，或者已被改动，没有恢复任何内容；请换一份备份。", path=path
    )
