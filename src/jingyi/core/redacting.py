"""Taking names out of a text that is shown elsewhere: rather one word too many than a name left in."""

import re
from collections.abc import Iterable, Sequence

NUMBERS = re.compile(r"[\w（(]*〔\d{4}〕\d+号|\d{6,}|\d{4}年\d{1,2}月(?:\d{1,2}日)?")
SOME = "某"


def redacted(
    text: str, *, names: Iterable[str], suffixes: Sequence[str], lead_in: Sequence[str]
) -> str:
    """Return `text` without known names, names ending as places and units do, numbers and days.

    Args:
        names: of organs, regions and people that must not be told, in full.
        suffixes: what names end with, such as 河 or 公司.
        lead_in: words that may stand before a name and are no part of it.
    """
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        text = text.replace(name, SOME)
    ends = "|".join(sorted(map(re.escape, suffixes), key=len, reverse=True))
    leads = sorted(lead_in, key=len, reverse=True)

    def cut(match: re.Match[str]) -> str:
        name = match[0].removesuffix(match["end"])
        at = max((name.rfind(lead) + len(lead) for lead in leads if lead in name), default=0)
        return f"{name[:at]}{SOME}{match['end']}" if name[at:] else match[0]

    text = re.sub(rf"[\u4e00-\u9fff]{{1,10}}?(?P<end>{ends})(?!{ends})", cut, text)
    return re.sub(f"{SOME}{{2,}}", SOME, NUMBERS.sub("…", text))
