"""The fonts a document is set in: which faces are wanted, and which are on this machine.

No font is ever fetched. The office's own licensed fonts go first; then what Debian installs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import typst

from jingyi.core.refusal import Refusal

# The office's own come before the system's.
FOLDERS = (
    "/etc/jingyi/fonts",
    "/usr/local/share/fonts",
    "/usr/share/fonts",
    "/usr/share/texmf/fonts/opentype",
    "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol",
)
# What GB/T 9704-2012 asks for, then what stands in for it, best first. A face that lacks a
# character is followed by the next, so a rare one in a name is still printed.
SONG = ("Noto Serif CJK SC", "AR PL UMing CN", "AR PL SungtiL GB")
FACES: Mapping[str, tuple[str, ...]] = {
    "fangsong": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang R", "FandolFang", *SONG),
    "hei": ("SimHei", "黑体", "STHeiti", "FandolHei", "Noto Sans CJK SC", "WenQuanYi Zen Hei"),
    "song": ("SimSun", "宋体", "STSong", "FandolSong", *SONG),
    "song-title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05", "FandolSong", *SONG),
}  # fmt: skip
LAST = ("Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL UMing CN", "AR PL UKai CN")


class NoChineseFont(Refusal):
    """No face on this machine can print the document."""


@dataclass(frozen=True, slots=True)
class Faces:
    """The families found for each role, best first, and the loaded fonts."""

    families: Mapping[str, tuple[str, ...]]
    loaded: typst.Fonts


def faces(folders: Iterable[str] | None = None) -> Faces:
    """Return the faces to print with.

    Args:
        folders: where to look, the office's own first; by default `FOLDERS`.

    Raises:
        NoChineseFont: none of them holds one; the sentence says what to install.
    """
    wanted = FOLDERS if folders is None else folders
    return _found(tuple(str(folder) for folder in wanted if Path(folder).is_dir()))


@lru_cache(maxsize=4)
def _found(folders: tuple[str, ...]) -> Faces:
    loaded = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders)
    )
    here = set(loaded.families())
    families = {}
    for role, wanted in FACES.items():
        found = dict.fromkeys(name for name in (*wanted, *LAST) if name in here)
        if not found:
            raise NoChineseFont(
                "这台机器上没有能印中文的字体，文书没有排版。请安装：apt install fonts-noto-cjk，"
                "或者把单位已获授权的仿宋、小标宋、楷体、黑体放进 /etc/jingyi/fonts。"
            )
        families[role] = tuple(found)
    return Faces(families, loaded)
