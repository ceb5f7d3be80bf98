"""Jingyi (精益): public-interest casework in procuratorates."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path


def _keep_compiled() -> None:
    """Let compiled kernels be kept under a name that changes with any of their sources.

    The compiler's own cache looks at the file of a function only, not at what
    it takes in from others: an upgrade could run yesterday's machine code.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    here = Path(__file__).parent
    told = sha256()
    for file in sorted((here / "core").rglob("*.py")):
        state = file.stat()
        told.update(f"{file.name} {state.st_mtime_ns} {state.st_size}\n".encode())
    home = here / "__pycache__"
    if not os.access(home if home.exists() else here, os.W_OK):
        home = Path(tempfile.gettempdir()) / f"jingyi-compiled-{os.getuid()}"
    os.environ["NUMBA_CACHE_DIR"] = str(home / f"kernels-{told.hexdigest()[:12]}")


_keep_compiled()
