"""The stand-alone verifier: RFC 8032's vectors, and every kind of forged package rejected by it."""

import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core import ledger
from jingyi.web.ledger import packages, signing, verifier
from jingyi.web.ledger.actions import Act, append_many, sign_head
from jingyi.web.ledger.queries import history_of

SUBJECT = "case:2026-0007"
VECTORS = [  # RFC 8032, 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize("vector", VECTORS)
def test_rfc_8032(vector):
    key, message, signature = map(bytes.fromhex, vector)

    assert verifier.signature_holds(key, message, signature)
    assert not verifier.signature_holds(key, message + b"!", signature)
    assert not verifier.signature_holds(key, message, signature[:32] + bytes(32))
    not_a_point = (verifier.P + 1).to_bytes(32, "little")  # y = 1, written as p + 1
    assert not verifier.signature_holds(not_a_point, message, signature)
    above = int.from_bytes(signature[32:], "little") + verifier.L
    assert not verifier.signature_holds(key, message, signature[:32] + above.to_bytes(32, "little"))


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
def test_it_agrees_with_the_library_on_true_and_on_flipped_signatures(seed, message, bit):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    flipped = (int.from_bytes(signature, "little") ^ 1 << bit).to_bytes(64, "little")

    assert verifier.signature_holds(key, message, signature)
    assert not verifier.signature_holds(key, message, flipped)


def test_it_is_one_short_file_that_needs_only_python():
    source = Path(verifier.__file__).read_text(encoding="utf-8")

    assert len(source.splitlines()) < 300
    imports = set(re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE))
    assert imports
    assert imports <= set(sys.stdlib_module_names)


@pytest.fixture
def heads(db, alice, city, at):
    """Three signed heads over 37 acts, ten of them of the case."""
    made = []
    for day, count in enumerate((11, 13, 13)):
        append_many(
            Act(
                "case.step",
                SUBJECT if n % 4 == 0 else f"case:{n}",
                at,
                alice,
                city.office.code,
                {"n": n},
            )
            for n in range(count)
        )
        made.append(sign_head(at=at + timedelta(days=day)))
    return made


def packed(head, files=(("files/1-照片.jpg", b"photo"), ("files/2.pdf", b"%PDF"))):
    stream = io.BytesIO()
    packages.write(
        stream,
        subject=SUBJECT,
        files=[(name, [data]) for name, data in files],
        entries=history_of(SUBJECT),
        upto=head,
    )
    return stream.getvalue()


def parts_of(package):
    with zipfile.ZipFile(io.BytesIO(package)) as found:
        return {name: found.read(name) for name in found.namelist()}


def resealed(parts, sign=signing.sign):
    """Make a package of changed parts as somebody with the key would."""
    manifest = json.loads(parts["manifest.json"])
    manifest["files"] = [
        {"path": name, "size": len(data), "sha256": sha256(data).hexdigest()}
        for name, data in parts.items()
        if not name.startswith("manifest.")
    ]
    raw = ledger.canonical(manifest)
    return zipped({**parts, "manifest.json": raw, "manifest.sig": sign(verifier.MANIFEST + raw)})


def zipped(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return stream.getvalue()


@pytest.fixture
def run(tmp_path):
    """Run the verifier that came in the package, as a court would: Python and nothing else."""
    program = tmp_path / "verify.py"
    program.write_bytes(Path(verifier.__file__).read_bytes())

    def run(package, *options):
        file = tmp_path / "package.zip"
        file.write_bytes(package)
        return subprocess.run(
            [sys.executable, "-I", "-S", program, file, *options],
            capture_output=True, encoding="utf-8", check=False, cwd=tmp_path,
        )  # fmt: skip

    return run


def test_a_true_package_is_accepted(heads, run):
    package = packed(heads[-1])
    done = run(package, "--key", signing.public_key())

    assert done.returncode == 0, done.stdout + done.stderr
    assert parts_of(package)["verify.py"] == Path(verifier.__file__).read_bytes()
    assert json.loads(done.stdout.split("\n", 1)[1])["acts"] == history_of(SUBJECT).count()


def test_same_inputs_same_bytes(heads):
    assert packed(heads[-1]) == packed(heads[-1])
    assert packed(heads[-1]) != packed(heads[1])


def change(name, edit):
    def forge(parts):
        body = json.loads(parts[name])
        edit(body)
        return resealed({**parts, name: ledger.canonical(body)})

    return forge


FORGED = {
    "changed file": lambda parts: zipped({**parts, "files/2.pdf": b"%PdF"}),
    "grown file": lambda parts: zipped({**parts, "files/2.pdf": b"%PDF-"}),
    "added file": lambda parts: zipped({**parts, "files/3.pdf": b""}),
    "missing file": lambda parts: zipped({k: v for k, v in parts.items() if k != "files/2.pdf"}),
    "no manifest": lambda parts: zipped({k: v for k, v in parts.items() if k != "manifest.json"}),
    "signed by a stranger": lambda parts: resealed(
        parts, Ed25519PrivateKey.from_private_bytes(bytes(32)).sign
    ),
    "forged act": change("acts.json", lambda acts: acts[0]["body"].update(kind="case.closed")),
    "moved act": change("acts.json", lambda acts: acts[0].update(index=1)),
    "reordered": change("acts.json", lambda acts: acts.reverse()),
    "act without proof": change("acts.json", lambda acts: acts[1]["path"].pop()),
    "forged head": change("heads.json", lambda heads: heads[-1].update(root="00" * 32)),
    "head that was never signed": change("heads.json", lambda heads: heads[0].update(size=10)),
    "forked heads": change("heads.json", lambda heads: heads[1]["extends"].reverse()),
    "heads dropped": change("heads.json", lambda heads: heads.clear()),
    "one head cut out": change("heads.json", lambda heads: heads.pop(1)),
    "log cut short": change("heads.json", lambda heads: heads.pop()),
}


@pytest.mark.parametrize("kind", FORGED)
def test_forged_packages_are_rejected(kind, heads, run):
    done = run(FORGED[kind](parts_of(packed(heads[-1]))))

    assert (done.returncode, done.stderr) == (2, "")
    assert "REJECTED" in done.stdout


@pytest.mark.parametrize("left", [0, 1, 200, -400, -1])
def test_truncated_packages_are_rejected(left, heads, run):
    done = run(packed(heads[-1])[:left])

    assert (done.returncode, done.stderr) == (2, "")


def test_a_package_under_another_key_is_rejected_by_who_knows_the_key(heads, run):
    done = run(packed(heads[-1]), "--key", "ab" * 32)

    assert done.returncode == 2


def test_a_witness_accepts_its_own_ledger_and_finds_a_fork(heads, run, tmp_path):
    """The office that rewrites its ledger has the key, and cannot have the witness's file."""
    kept = tmp_path / "head.json"
    kept.write_text(json.dumps(packages.as_json(heads[0])), encoding="utf-8")
    assert run(packed(heads[-1]), "--head", kept).returncode == 0

    body = {"size": 11, "root": "ab" * 32, "at": heads[0].at.isoformat(timespec="microseconds")}
    signature = signing.sign(verifier.HEAD + ledger.canonical(body)).hex()
    kept.write_text(json.dumps({**body, "signature": signature}), encoding="utf-8")
    done = run(packed(heads[-1]), "--head", kept)

    assert done.returncode == 2
    assert "fork" in done.stdout
