"""A case's page with 500 events, rendered by the server: median of twenty, beside its parts.

Ours: the whole page as a signed-in prosecutor asks for it, through every middleware, on SQLite.
Beside it in one run: the same page with a file of seven events, and the floor: the rows of the file
fetched and the finished page encoded. Target: under 150 ms, with no more queries than a short file.

    .venv/bin/python benchmarks/dossier.py
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {
    "JINGYI_DATA": FOLDER.name,
    "DJANGO_SETTINGS_MODULE": "jingyi.web.settings",
    "JINGYI_HOSTS": "testserver",
}

import django  # noqa: E402 -- the path and the settings come first

django.setup()

from django.core.management import call_command  # noqa: E402 -- as above
from django.db import connection  # noqa: E402 -- as above
from django.test import Client  # noqa: E402 -- as above
from tests import factories  # noqa: E402 -- as above
from tests.web.cases import course, long  # noqa: E402 -- as above

ROUNDS, MANY, TARGET = 20, 500, 150


def milliseconds(job: Callable[[], object]) -> float:
    """Return the median of ROUNDS runs, after two to warm up."""
    took = []
    for _ in range(ROUNDS + 2):
        began = time.perf_counter()
        job()
        took.append(time.perf_counter() - began)
    return median(took[2:]) * 1000


def main() -> None:
    """Print the table."""
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    city = factories.city()
    chief = factories.person("chief", role="chief", office=city.office)
    alice = factories.person("alice", role="prosecutor", office=city.office)
    case = course.case(city.office, chief, alice, organ=city.water)
    course.served(case, chief)
    client = Client()
    client.force_login(alice)
    url = case.get_absolute_url()
    took = 0.0
    print(f"{'events':>6} {'page':>10} {'queries':>8} {'size':>8} {'floor':>9}")
    for many in (case.events.count(), MANY):
        long.lengthen(case, alice, many)
        asked: list[str] = []
        with connection.execute_wrapper(lambda run, *what: asked.append(what[0]) or run(*what)):  # noqa: B023
            page = client.get(url)
        assert page.status_code == 200
        took = milliseconds(lambda: client.get(url))
        text = page.text
        floor = milliseconds(lambda: (list(case.events.values()), text.encode()))  # noqa: B023
        size = len(page.content) // 1024
        print(f"{many:>6} {took:>7.1f} ms {len(asked):>8} {size:>4} KiB {floor:>6.1f} ms")
    print(f"target {TARGET} ms: {'met' if took < TARGET else 'MISSED'}")


if __name__ == "__main__":
    main()
