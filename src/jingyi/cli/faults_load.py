"""A served office that can be broken, and people who file reports in it meanwhile."""

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

MARK = "故障试验"
PEOPLE = 4
BROWSER = urllib.request.build_opener()
BACK = """
import datetime, sys
from django.utils import timezone
real = timezone.now
timezone.now = lambda: real() - datetime.timedelta(days={days})
from jingyi.cli import main
sys.exit(main({words!r}))
"""
HELD = """
import json
from jingyi.web.intake.models import Report
from jingyi.web.ledger.queries import verify
texts = list(Report.objects.filter(text__startswith={mark!r}).values_list("text", flat=True))
print(json.dumps([texts, verify().problem is None]))
"""


def _environment(folder: Path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("JINGYI_")}
    return {**env, "JINGYI_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "jingyi.web.settings"}


def python(folder: Path, code: str) -> str:
    """Run `code` in the office of `folder`; return what it printed."""
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        env=_environment(folder), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def held(folder: Path) -> tuple[list[str], bool]:
    """Return the texts of the reports that were filed here, and whether the ledger holds."""
    try:
        texts, sound = json.loads(python(folder, HELD.format(mark=MARK)))
    except RuntimeError:  # not even to be opened
        return [], False
    return texts, sound


class Node:
    """`jingyi run` in processes of its own, on a free port."""

    def __init__(self, folder: Path, *, days_back: int = 0) -> None:
        self.folder, self.days_back = folder, days_back
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Serve, and wait until it is ready."""
        words = ["run", "--port", str(self.port), "--data", str(self.folder)]
        code = (
            ["-c", BACK.format(days=self.days_back, words=words)]
            if self.days_back
            else ["-m", "jingyi.cli", *words]
        )
        self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter
            [sys.executable, *code], env=_environment(self.folder), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(600):
            try:
                BROWSER.open(f"{self.address}/operations/ready/", timeout=5).close()
            except (OSError, urllib.error.HTTPError):
                time.sleep(0.1)
            else:
                return
        msg = "the office did not start"
        raise RuntimeError(msg)

    def kill(self) -> None:
        """SIGKILL every process of the node at once."""
        for pid in self._pids():
            os.kill(pid, signal.SIGKILL)
        self._process.wait()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Hold every process of the node still."""
        pids = self._pids()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def let_write(self, *, most: int | None) -> None:
        """Let the node's processes write files up to `most` bytes; None: as long as they like."""
        for pid in self._pids():
            hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if most is None else most, hard))

    def _pids(self) -> list[int]:
        """Return the processes of the session that `start` made."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) == self._process.pid and fields[0] != "Z":
                found.append(int(stat.parent.name))
        return found


class Load:
    """People who file one report after another; `acknowledged` are those that got a receipt."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.acknowledged: list[str] = []
        self._number = 0
        self._lock = threading.Lock()

    def go_on(self, seconds: float) -> list[str]:
        """File for so long; return what people saw other than a receipt."""
        return self.during(seconds, lambda: None)

    def during(self, seconds: float, fault: Callable[[], object]) -> list[str]:
        """File for so long while `fault` happens."""
        seen: list[str] = []
        until = time.monotonic() + seconds
        people = [threading.Thread(target=self._file, args=(until, seen)) for _ in range(PEOPLE)]
        for person in people:
            person.start()
        fault()
        for person in people:
            person.join()
        return seen

    def _file(self, until: float, seen: list[str]) -> None:
        while time.monotonic() < until:
            with self._lock:
                self._number += 1
                text = f"{MARK}第{self._number}号：东津河三号桥下游有暗管排黑水。"
            try:
                self._report(text)
            except urllib.error.HTTPError as wrong:
                title = re.search(r"<h1[^>]*>(.*?)</h1>", wrong.read().decode(), re.DOTALL)
                said = re.sub(r"<[^>]+>|\s+", " ", title[1]).strip() if title else ""
                seen.append(f"{wrong.code} {said}".strip())
                time.sleep(0.1)
            except OSError:
                seen.append("连不上")
                time.sleep(0.1)
            else:
                self.acknowledged.append(text)

    def _report(self, text: str) -> None:
        jar = CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        browser.open(f"{self.node.address}/report/what/", timeout=60).close()
        steps = (
            ("what", {"text": text, "happened": "2026-08-30"}),
            ("where", {"place_words": "三号桥", "office": "zy-dj", "lon": "117.1", "lat": "33.9", "accuracy_m": "20"}),
            ("photos", {}),
            ("who", {"who": "anonymous"}),
            ("check", {}),
        )  # fmt: skip
        for step, values in steps:
            token = next(cookie.value for cookie in jar if cookie.name == "csrftoken") or ""
            body = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": token}).encode()
            with browser.open(f"{self.node.address}/report/{step}/", body, timeout=60) as answer:
                page = answer.read().decode()
        if not re.search(r"\b(?:[2-9A-Z]{4} ){5}[2-9A-Z]{4}\b", page):
            msg = "no receipt"
            raise OSError(msg)
