"""Papers for tests: set by typst, then looked at as a scanner would, a little crooked and grainy."""

import io

import numpy as np
import pypdfium2
import typst
from PIL import Image

from jingyi.engines.typesetting.fonts import faces

TEXT = """采样地点：东津河上游排污口。采样日期：2026年3月1日。受市人民检察院委托，本单位于3月5日对送检水样进行检测。
化学需氧量每升一百二十毫克，超过排放标准两倍。现场发现一根直径三十厘米的暗管从厂区围墙通向河道，管口有黑色污水流出。"""


def paper(*pages: str) -> bytes:
    """A PDF with a text layer, a text a page."""
    body = "\n#pagebreak()\n".join(text.replace("\n", "\n\n") for text in pages or (TEXT,))
    head = (
        '#set page(paper: "a5", margin: 1.6cm)\n#set text(font: "Noto Serif CJK SC", size: 13pt)\n'
    )
    return typst.compile(
        (head + body).encode(), font_paths=faces().loaded, ignore_system_fonts=True
    )


def crooked(pdf: bytes, *, angle: float, grain: float) -> list[Image.Image]:
    """The pages of a PDF as a scanner sees them: turned by `angle` degrees, with noise."""
    chance = np.random.default_rng(7)
    images = []
    with pypdfium2.PdfDocument(pdf) as file:
        for page in file:
            grey = page.render(scale=1.8).to_pil().convert("L").rotate(angle, fillcolor=252)
            noisy = np.asarray(grey) + chance.normal(0, grain, (grey.height, grey.width))
            images.append(Image.fromarray(noisy.clip(0, 255).astype(np.uint8)))
    return images


def scan(*pages: str, angle: float = 0.5, grain: float = 10, kind: str = "PDF") -> bytes:
    """The same as images, in a PDF, PNG, TIFF …"""
    images = crooked(paper(*pages), angle=angle, grain=grain)
    stream = io.BytesIO()
    more = {"save_all": True, "append_images": images[1:]} if len(images) > 1 else {}
    images[0].save(stream, kind, **more)
    return stream.getvalue()
