"""Makes the demo's scan anew: `python -m jingyi.demo.scanning`. Needs the extra `reading` and a Chinese font.

The pages are set by typst, then looked at as an office scanner would: a little crooked, specks, black
and white. What the OCR engine reads in them is kept beside them, so that loading the city runs no OCR.
"""

import io
import json
from pathlib import Path

import numpy as np
import typst
from PIL import Image

from jingyi.core.reading.page import Line
from jingyi.engines.reading import pages
from jingyi.engines.typesetting.fonts import faces

HERE = Path(__file__).parent / "scans"
HEAD = """#set page(paper: "a4", margin: (x: 2.6cm, y: 2.4cm))
#set text(font: "Noto Serif CJK SC", size: 14pt)
#set par(leading: 1.15em, first-line-indent: (amount: 2em, all: true))
#let title(words) = align(center, text(size: 19pt, weight: "bold", words))
"""
PAGES = (
    """#title("走访询问笔录")
时间：2026年7月23日上午9时　地点：古城墙西段沿街住户家中

被走访人：住户三名，均要求不公开姓名。

问：墙体从什么时候开始开裂？

答：去年雨季就能看见裂缝。今年6月18日下过大雨，坡脚一直积水，到6月24日裂缝明显变宽，能伸进手指。

问：紧贴墙体的三处搭建物是什么时候盖的？

答：第一处是2025年10月12日动工的，另外两处在2026年4月以后。排水口被遮住，雨水流不出去。

问：有没有人来巡查？

答：往年每个月有人来看，从今年一月起没有见过。

以上记录已向被走访人宣读，与所说一致。
""",
    """#title("文物保护巡查台账（摘抄）")
#table(columns: (1.5fr, 1fr, 3.2fr, 1fr), inset: 9pt, align: horizon,
[日期], [地段], [情况], [签名],
[2025-10-15], [西段], [发现新搭建一处，已口头告知], [已签],
[2025-11-18], [西段], [搭建物仍在，坡脚有积水], [已签],
[2025-12-16], [全线], [标志牌缺失两块], [已签],
[2026-01-20], [全线], [无记录], [未签],
[2026-02-20], [全线], [无记录], [未签])

本页由检察人员于2026年7月28日向行政机关调取，复制件与原件核对一致。

台账自2026年1月起无巡查记录，未见对搭建物的查处材料。
""",
)


def main() -> None:
    """Write the pages as PNG and what is read in them as JSON."""
    chance = np.random.default_rng(20260728)
    for number, body in enumerate(PAGES, 1):
        drawn = typst.compile(
            (HEAD + body).encode(), font_paths=faces().loaded, ignore_system_fonts=True,
            format="png", ppi=150,
        )  # fmt: skip
        crooked = Image.open(io.BytesIO(drawn)).convert("L").rotate(
            0.5 if number % 2 else -0.4, fillcolor=255, resample=Image.Resampling.BICUBIC
        )  # fmt: skip
        grey = np.asarray(crooked).astype(float) + chance.normal(0, 18, crooked.size[::-1])
        specks = chance.random(grey.shape) < 0.0004
        ink = (grey > 150) & ~specks
        path = HERE / f"visit-{number}.png"
        Image.fromarray(ink).save(path, optimize=True)
        (page,) = pages.read(path)
        told = json.dumps([_row(line) for line in page.lines], ensure_ascii=False)
        path.with_suffix(".json").write_text(told.replace("], [", "],\n[") + "\n", "utf-8")


def _row(line: Line) -> list[object]:
    return [line.text, line.box.x, line.box.y, line.box.w, line.box.h, line.score]


if __name__ == "__main__":
    main()
