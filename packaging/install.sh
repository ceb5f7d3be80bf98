#!/bin/sh
# install.sh [FOLDER] — puts Jingyi into FOLDER (default /opt/jingyi) without any network.
# Run again with a newer bundle to upgrade: data is elsewhere and is not touched.
set -eu
cd "$(dirname "$0")"
target=${1:-/opt/jingyi}
say() { printf '%s\n' "$*" >&2; }

sha256sum --check --quiet SHA256SUMS || { say "This bundle is not whole or was changed; copy it again."; exit 1; }
. ./BUILT_FOR # python, machine
p=${PYTHON:-python$python}
command -v "$p" >/dev/null 2>&1 || { say "Python $python is needed: the packages in this bundle are for it."; exit 1; }
[ "$("$p" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$python" ] || { say "$p is not Python $python."; exit 1; }
[ "$(uname -m)" = "$machine" ] || { say "This bundle is for $machine, this machine is $(uname -m)."; exit 1; }

fresh="$target.new"
rm -rf "$fresh"
mkdir -p "$fresh"
cp -R program/. "$fresh"
"$p" -m venv --without-pip "$fresh/.venv"
PYTHONPATH="$(echo "$PWD"/pip-*.whl)" "$fresh/.venv/bin/python" -m pip install -q --no-deps --no-index \
  --no-cache-dir --disable-pip-version-check --find-links wheelhouse --require-hashes -r "$fresh/requirements.lock"
site=$("$fresh/.venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
here=$(cd "$(dirname "$target")" && pwd)/$(basename "$target")
printf '%s\n' "$here/src" > "$site/jingyi.pth"
[ -d "$target" ] && { rm -rf "$target.old"; mv "$target" "$target.old"; }
mv "$fresh" "$target"
mkdir -p "$target/bin"
printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m jingyi.cli "$@"\n' "$here" > "$target/bin/jingyi"
chmod +x "$target/bin/jingyi"
"$target/bin/jingyi" rulebook check >/dev/null
say "Installed. Start it with: $target/bin/jingyi run --empty --data /var/lib/jingyi"
say "As a service: packaging/jingyi.service and packaging/jingyi-tick.timer in $target"
