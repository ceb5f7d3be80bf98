"""Tasks that the tests of the queue run."""

import os
import signal
from pathlib import Path

from django_tasks import task


@task
def write_line(path: str, text: str) -> None:
    """Append a line: twice if run twice, so that a test can count."""
    with Path(path).open("a") as stream:
        stream.write(f"{text}\n")


@task
def die_once(path: str) -> None:
    """Kill the worker the first time; finish the second."""
    mark = Path(path)
    if not mark.exists():
        mark.write_text("died")
        os.kill(os.getpid(), signal.SIGKILL)
    mark.write_text("done")
