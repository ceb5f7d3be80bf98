"""Models in files: one zip of arrays (npz, no pickles) with its card in TOML beside them.

`numpy.load` reads the arrays, any unzip the card.
"""

import io
import os
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jingyi.core.refusal import Refusal
from jingyi.core.triage.learning import learned
from jingyi.core.triage.learning.learned import Learned

CARD = "card.toml"
MOST_BYTES = 1 << 30  # unpacked


def write(path: Path, card: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a model whole or not at all: a reader sees the old one or the new one.

    Raises:
        Refusal: there is a folder of that name.
    """
    if path.is_dir():
        raise Refusal("{name} 是一个文件夹。请给模型另取文件名。", name=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as file:
            file.writestr(CARD, learned.toml(card))
            for name, array in arrays.items():
                with file.open(f"{name}.npy", "w", force_zip64=True) as part:
                    np.lib.format.write_array(part, np.ascontiguousarray(array), allow_pickle=False)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def read(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the card and the arrays.

    Raises:
        Refusal: no such file, no model, or too large.
    """
    if not path.is_file():
        raise Refusal("找不到模型 {name}。请检查路径，或先用 jingyi train 训练。", name=str(path))
    try:
        with zipfile.ZipFile(path) as file:
            if sum(one.file_size for one in file.infolist()) > MOST_BYTES:
                raise Refusal("模型 {name} 展开后超过 1 GB，不予读取。", name=path.name)
            card = tomllib.loads(file.read(CARD).decode())
            arrays = {
                name.removesuffix(".npy"): np.lib.format.read_array(
                    io.BytesIO(file.read(name)), allow_pickle=False
                )
                for name in file.namelist()
                if name.endswith(".npy")
            }
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError):
        raise Refusal(
            "{name} 不是 jingyi train 写出的模型，或者已经损坏。", name=path.name
        ) from None
    return card, arrays


def save(path: Path, model: Learned, about: Mapping[str, str | int]) -> None:
    """Store a model with its card."""
    write(path, learned.card(model, about), learned.arrays(model))


def load(path: Path) -> Learned:
    """Return a stored model.

    Raises:
        Refusal: it cannot be read, or its parts do not fit.
    """
    return learned.assemble(*read(path))
