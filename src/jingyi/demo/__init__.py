"""The demo city of Zhiyang: fictional, generated from one seed, of the shape of a real one."""

from datetime import datetime


def load(at: datetime | None = None) -> list[str]:
    """Load the city unless an office is there already; return the lines to print for signing in."""
    from jingyi.demo import loading  # noqa: PLC0415 -- needs the office's database, once it is set up

    return loading.load(at)
