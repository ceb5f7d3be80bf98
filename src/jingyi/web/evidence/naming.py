"""What a file that comes in is called: a name that is only a name."""

import unicodedata

LONGEST = 200
NOT_IN_NAMES = frozenset(
    {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
)  # among them what turns a name around


def plain(name: str, *, otherwise: str = "file") -> str:
    """Return a name without folders, and without letters that steer instead of being read.

    "../../etc/passwd" is "passwd"; "照片\\u202egpj.exe" shows its real ending again.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(one for one in last if unicodedata.category(one) not in NOT_IN_NAMES)
    kept = " ".join(kept.split()).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > LONGEST and dot and len(ending) <= 10:
        return f"{stem[: LONGEST - 1 - len(ending)]}.{ending}"
    return kept[:LONGEST] or otherwise
