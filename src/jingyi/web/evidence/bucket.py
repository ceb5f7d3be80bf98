"""The vault's files in an S3-compatible store, where the office has one (`JINGYI_VAULT`)."""

import shutil
from functools import cache
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from jingyi.core.refusal import Refusal

PIECE = 8 << 20  # bytes handed over at once


class Unreachable(Refusal):
    """The store does not answer as it should: nothing is known of any file."""


def used() -> bool:
    """Tell whether this office keeps its files in a bucket."""
    return bool(settings.VAULT_BUCKET)


def put(file: Path, digest: str, size: int) -> None:
    """Store a whole file under its digest; it shows up there whole or not at all.

    Raises:
        Unreachable: the store cannot be reached, or did not keep it.
    """
    store, prefix = _store(settings.VAULT_BUCKET)
    key = _key(prefix, digest)
    try:
        if store.get_file_info(key).size == size:
            return
        with file.open("rb") as source, store.open_output_stream(key) as target:
            shutil.copyfileobj(source, target, PIECE)
        kept = store.get_file_info(key).size
    except OSError as wrong:
        raise unreachable() from wrong
    if kept != size:
        raise unreachable()


def get(digest: str) -> IO[bytes]:
    """Open a file by its digest.

    Raises:
        FileNotFoundError: it is not there.
        Unreachable: the store cannot be reached.
    """
    store, prefix = _store(settings.VAULT_BUCKET)
    try:
        return cast("IO[bytes]", store.open_input_stream(_key(prefix, digest), buffer_size=PIECE))
    except FileNotFoundError:
        raise
    except OSError as wrong:
        raise unreachable() from wrong


def anywhere(digest: str) -> IO[bytes]:
    """Open a file by its digest to be read here and there.

    Raises:
        FileNotFoundError, Unreachable: as `get`.
    """
    store, prefix = _store(settings.VAULT_BUCKET)
    try:
        return cast("IO[bytes]", store.open_input_file(_key(prefix, digest)))
    except FileNotFoundError:
        raise
    except OSError as wrong:
        raise unreachable() from wrong


def unreachable() -> Unreachable:
    """Return the refusal of a store that does not answer as it should."""
    return Unreachable(
        "证据库的存储服务没有正常应答，文件没有存取。请稍后重试，或者联系系统管理员。"
    )


def _key(prefix: str, digest: str) -> str:
    return f"{prefix}/{digest[:2]}/{digest[2:]}"


@cache
def _store(url: str) -> tuple[Any, str]:
    """Return the client and `bucket/prefix` of `s3://[key:secret@]bucket/prefix?endpoint_override=…`.

    Without a key in the address the client looks where every S3 client does: the environment.
    """
    from pyarrow import fs  # noqa: PLC0415 -- loads the S3 client only where it is used

    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        raise Refusal("JINGYI_VAULT 要写成 s3://桶/前缀?endpoint_override=主机:端口&scheme=http。")
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    store = fs.S3FileSystem(
        access_key=parts.username, secret_key=parts.password,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=4),
        connect_timeout=10, request_timeout=60, **asked,
    )  # fmt: skip
    return store, f"{parts.hostname}{parts.path.rstrip('/')}"
