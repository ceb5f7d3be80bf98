"""`jingyi bundle`: one archive that installs on a machine with no network."""

import hashlib
import io
import json
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from jingyi.cli import bill
from jingyi.core.refusal import Refusal

ROOT = Path(__file__).resolve().parents[3]
LOCK = "requirements.lock"
PROGRAM = ("src/jingyi", "docs", "packaging", LOCK, "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "NOTICE", "SECURITY.md")  # fmt: skip
LEFT_OUT = {"__pycache__", ".DS_Store"}


def add(commands) -> None:
    """Register `bundle`."""
    parser = commands.add_parser(
        "bundle",
        help="make one archive that installs with no network",
        description="Pack the program, every locked package and an install script into one tar "
        "file. Packages come from --wheelhouse, or are fetched as pip is configured; each is held "
        "to the lock's hash, and listed in a bill of materials (CycloneDX). On the other machine: tar xf FILE && jingyi-bundle/install.sh.",
        epilog="example: jingyi bundle -o jingyi-bundle.tar",
    )
    parser.add_argument("-o", "--output", metavar="FILE", required=True, type=Path)
    parser.add_argument("--wheelhouse", metavar="DIR", type=Path, help="a folder of the packages")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args) -> int:
    """Write the archive; it gets its name when it is whole."""
    if not (ROOT / LOCK).is_file():
        raise Refusal("没有找到 {lock}；请在完整的安装目录里制作离线包。", lock=LOCK)
    if not args.output.parent.is_dir():
        raise Refusal("文件夹 {folder} 不存在；请先建立。", folder=args.output.parent)
    with tempfile.TemporaryDirectory(dir=args.output.parent, prefix=".bundle-") as name:
        folder = args.wheelhouse or _fetched(Path(name) / "wheelhouse")
        wheels = _locked(folder)
        whole = Path(name) / "bundle.tar"
        count = _pack(whole, wheels)
        whole.replace(args.output)
    size = args.output.stat().st_size
    if args.json:
        said = {"file": str(args.output), "bytes": size, "packages": len(wheels), "files": count}
        print(json.dumps(said, ensure_ascii=False))
    else:
        print(f"离线包 {args.output}：{len(wheels)} 个软件包，{size / 2**20:,.0f} MB")
    return 0


def _fetched(folder: Path) -> Path:
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:",
         "--require-hashes", "-r", str(ROOT / LOCK), "-d", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Refusal("软件包没有取到；请检查网络，或者用 --wheelhouse 指明已有的文件夹。")
    return folder


def _locked(folder: Path) -> list[Path]:
    """Return the wheels that the lock names, one each, held to its hashes."""
    lock = (ROOT / LOCK).read_text("utf-8")
    wanted = {
        _plain(name) for name in re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", lock, re.MULTILINE)
    }
    hashes = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", lock))
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*.whl")) if folder.is_dir() else []:
        name = _plain(path.name.split("-")[0])
        if name in wanted and hashlib.sha256(path.read_bytes()).hexdigest() in hashes:
            found[name] = path
    if missing := sorted(wanted - set(found)):
        raise Refusal(
            "文件夹 {folder} 里缺少 {n} 个与锁定文件一致的软件包，例如 {name}；请补齐后重试。",
            folder=folder, n=len(missing), name=missing[0],
        )  # fmt: skip
    return [found[name] for name in sorted(found)]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pip() -> Path:
    """Return the pip that comes with Python itself: the other machine may have none."""
    import ensurepip

    places = [Path(ensurepip.__file__).parent / "_bundled", Path("/usr/share/python-wheels")]
    for place in places:
        for path in sorted(place.glob("pip-*.whl")):
            return path
    raise Refusal("本机的 Python 不带 pip，离线包无法制作；请安装 python3-venv 后重试。")


def _pack(whole: Path, wheels: list[Path]) -> int:
    """Write everything under `jingyi-bundle/`, in order, and last what each file has to hash to."""
    pip = _pip()
    names = {f"wheelhouse/{path.name}": path for path in wheels} | {pip.name: pip}
    names["install.sh"] = ROOT / "packaging/install.sh"
    for part in PROGRAM:
        top = ROOT / part
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and not LEFT_OUT & set(path.parts):
                names[f"program/{path.relative_to(ROOT)}"] = path
    built = f"python={sys.version_info[0]}.{sys.version_info[1]}\nmachine={platform.machine()}\n"
    sums: list[str] = []
    made = {"BUILT_FOR": built.encode(), bill.NAME: bill.of(wheels, ROOT / "pyproject.toml")}
    with tarfile.open(whole, "w") as tar:
        for name, path in names.items():
            data = path.read_bytes()
            sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}")
            _add(tar, name, data, 0o755 if name.endswith(".sh") else 0o644)
        for name, data in made.items():
            sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}")
            _add(tar, name, data, 0o644)
        _add(tar, "SHA256SUMS", ("\n".join(sums) + "\n").encode(), 0o644)
    return len(names) + len(made) + 1


def _add(tar: tarfile.TarFile, name: str, data: bytes, mode: int) -> None:
    info = tarfile.TarInfo(f"jingyi-bundle/{name}")
    info.size, info.mode = len(data), mode
    tar.addfile(info, io.BytesIO(data))
