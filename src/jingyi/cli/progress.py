"""A progress bar with rows per second and time left, drawn on a terminal and nowhere else."""

import time
from typing import TextIO

WIDTH = 24


class Progress:
    """Call it with (done, total); `show` puts a sentence in its place; `end` wipes the line."""

    def __init__(self, stream: TextIO, unit: str = "行") -> None:
        self.stream = stream
        self.unit = unit
        self.shown = stream.isatty()
        self.began = time.monotonic()

    def show(self, text: str) -> None:
        """Replace the line."""
        if self.shown:
            self.stream.write(f"\r\x1b[K{text}")
            self.stream.flush()

    def __call__(self, done: int, total: int) -> None:
        spent = max(time.monotonic() - self.began, 1e-6)
        left = spent * (total - done) / max(done, 1)
        filled = WIDTH * done // max(total, 1)
        self.show(
            f"{'█' * filled}{'░' * (WIDTH - filled)} {done:,}/{total:,} {self.unit} · "
            f"{done / spent:,.0f} {self.unit}/秒 · 还需 {left:.0f} 秒"
        )

    def end(self) -> None:
        """Leave nothing behind."""
        self.show("")
