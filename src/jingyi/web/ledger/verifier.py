"""Check a sealed export of Jingyi offline: python3 -I -S verify.py FILE.zip [--key HEX] [--head FILE].
A reporter's receipt is checked the same way: python3 -I -S verify.py receipt.json [--key HEX].

One file, the standard library only. 核验精益导出的封存包，不需要联网，也不需要安装任何软件。

Checked: the manifest's signature; every file's size and SHA-256, none missing, none added; every
signed tree head and that each extends the one before (RFC 6962, 2.1.2); every act's inclusion in
the last head (2.1.1). Not checked: that every act of the case is in the package, which only the
whole ledger can show; and, without --key, that the key is the office's.

Exit 0: everything holds. 2: something does not, in one sentence.
"""

import json
import sys
import zipfile
from hashlib import sha256, sha512
from itertools import pairwise

SIGNED_APART = {"manifest.json", "manifest.sig"}
HEAD = b"jingyi-head-v1\n"
MANIFEST = b"jingyi-export-v1\n"
RECEIPT = b"jingyi-receipt-v1\n"
MOST_JSON = 1 << 28  # bytes


class Rejected(Exception):
    """The package is not what was sealed; the message says what."""


def canonical(body):
    """Return the one JSON encoding of `body`: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


# -- Ed25519, verification only (RFC 8032, 5.1.7) --------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _recover(data):
    """Return the point that 32 bytes encode in extended coordinates, or None."""
    y, sign = int.from_bytes(data, "little"), data[31] >> 7
    y &= (1 << 255) - 1
    if y >= P:
        return None
    squared = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(squared, (P + 3) // 8, P)
    if (x * x - squared) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - squared) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point, scalar = _add(point, point), scalar >> 1
    return result


_Y = 4 * pow(5, P - 2, P) % P
BASE = _recover(_Y.to_bytes(32, "little"))


def signature_holds(key, message, signature):
    """Tell whether `signature` (64 bytes) over `message` was made with the key (32 bytes)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    who, point = _recover(key), _recover(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if who is None or point is None or s >= L:
        return False
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = _times(s, BASE), _add(point, _times(k, who))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


# -- the Merkle tree (RFC 6962, 2.1; checking as in RFC 9162, 2.1.3.2 and 2.1.4.2) -----------------


def _node(left, right):
    return sha256(b"\x01" + left + right).digest()


def included(leaf, index, size, path, root):
    """Tell whether `path` leads from leaf number `index` to the root of `size` leaves."""
    if not 0 <= index < size:
        return False
    node, last, digest = index, size - 1, leaf
    for sibling in path:
        if not last:
            return False
        if node & 1 or node == last:
            digest = _node(sibling, digest)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            digest = _node(digest, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and digest == root


def extends(old, new, path, old_root, new_root):
    """Tell whether `path` proves that the tree of `new` leaves begins with that of `old`."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    was = now = steps[0]
    for sibling in steps[1:]:
        if not last:
            return False
        if node & 1 or node == last:
            was, now = _node(sibling, was), _node(sibling, now)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            now = _node(now, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


# -- the package -----------------------------------------------------------------------------------


def head_holds(head, key):
    """Tell whether a tree head `{size, root, at, signature}` was signed with the key."""
    said = {name: head[name] for name in ("size", "root", "at")}
    return signature_holds(key, HEAD + canonical(said), bytes.fromhex(head["signature"]))


def _json(package, name):
    if package.getinfo(name).file_size > MOST_JSON:
        raise Rejected(f"{name} 过大 / {name} is too large")
    return json.loads(package.read(name))


def _check_files(package, manifest):
    listed = {one["path"]: one for one in manifest["files"]}
    names = package.namelist()
    if len(names) != len(set(names)) or len(listed) != len(manifest["files"]):
        raise Rejected("包内有重名文件 / two files have one name")
    if odd := set(names) ^ (set(listed) | SIGNED_APART):
        raise Rejected(f"文件缺少或多出 / missing or added: {', '.join(sorted(odd))}")
    for path, said in listed.items():
        if package.getinfo(path).file_size != said["size"]:
            raise Rejected(f"文件大小不符 / wrong size: {path}")
        digest = sha256()
        with package.open(path) as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
        if digest.hexdigest() != said["sha256"]:
            raise Rejected(f"文件内容已改变 / changed: {path}")


def _check_heads(heads, key, witnessed):
    if not heads:
        raise Rejected("没有签名的树头 / no signed tree head")
    for head in heads:
        if not head_holds(head, key):
            raise Rejected(f"树头签名不成立 / bad signature of the head at {head['size']}")
    for old, new in pairwise(heads):
        path = [bytes.fromhex(one) for one in new["extends"]]
        roots = bytes.fromhex(old["root"]), bytes.fromhex(new["root"])
        if not extends(old["size"], new["size"], path, *roots):
            raise Rejected(f"账本分叉 / fork between heads {old['size']} and {new['size']}")
    for head in witnessed:
        if not head_holds(head, key):
            raise Rejected("见证的树头不是这把钥匙所签 / the witnessed head has another key")
        same = [one["root"] for one in heads if one["size"] == head["size"]]
        if not same:
            raise Rejected(f"包内没有见证的树头 / witnessed head {head['size']} is not in here")
        if same[0] != head["root"]:
            raise Rejected(f"账本分叉 / fork: witnessed head {head['size']} has another root")


def _check_acts(acts, head):
    before, root = -1, bytes.fromhex(head["root"])
    for act in acts:
        if act["index"] <= before:
            raise Rejected(f"记录次序被改 / reordered at act {act['index']}")
        before = act["index"]
        leaf = sha256(b"\x00" + canonical(act["body"])).digest()
        path = [bytes.fromhex(one) for one in act["path"]]
        if not included(leaf, act["index"], head["size"], path, root):
            raise Rejected(f"记录不在账本中 / not in the ledger as said: act {act['index']}")


def _key(signed, key):
    if bytes.fromhex(key or signed["key"]).hex() != signed["key"]:
        raise Rejected("不是这把钥匙签的 / signed with another key than the one given")
    return bytes.fromhex(signed["key"])


def check(file, key=None, witnessed=()):
    """Return what a sound package says of itself, or raise `Rejected`; `witnessed`: heads kept elsewhere."""
    try:
        with zipfile.ZipFile(file) as package:
            raw = package.read("manifest.json")
            manifest = json.loads(raw)
            used = _key(manifest, key)
            if not signature_holds(used, MANIFEST + raw, package.read("manifest.sig")):
                raise Rejected("清单签名不成立 / the manifest's signature does not hold")
            _check_files(package, manifest)
            heads, acts = _json(package, "heads.json"), _json(package, "acts.json")
            _check_heads(heads, used, witnessed)
            _check_acts(acts, heads[-1])
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise Rejected(f"包已损坏或不完整 / broken or incomplete: {error}") from error
    return {
        "subject": manifest["subject"],
        "files": len(manifest["files"]),
        "acts": len(acts),
        "heads": len(heads),
        "size": heads[-1]["size"],
        "root": heads[-1]["root"],
        "key": manifest["key"],
    }


def check_receipt(receipt, key=None):
    """Return what a sound receipt says; raise `Rejected` for any other. Of the report: nothing."""
    try:
        used = _key(receipt, key)
        said = {name: value for name, value in receipt.items() if name != "signature"}
        if not signature_holds(
            used, RECEIPT + canonical(said), bytes.fromhex(receipt["signature"])
        ):
            raise Rejected("回执签名不成立 / the receipt's signature does not hold")
        _check_heads([receipt["head"]], used, [])
        leaf, *path = (bytes.fromhex(one) for one in (receipt["leaf"], *receipt["path"]))
        root = bytes.fromhex(receipt["head"]["root"])
        if not included(leaf, receipt["index"], receipt["head"]["size"], path, root):
            raise Rejected("不在账本中 / not in the ledger as said")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Rejected(f"回执已损坏或不完整 / broken or incomplete: {error}") from error
    return {name: receipt[name] for name in ("office", "filed", "leaf", "index", "key")}


def _tell(line):
    sys.stdout.write(line + "\n")


def main(arguments):
    """Check the package named on the command line; return the exit code."""
    options = dict(zip(arguments[1::2], arguments[2::2], strict=False))
    if len(arguments) % 2 == 0 or set(options) - {"--key", "--head"}:
        _tell("python3 -I -S verify.py FILE.zip|RECEIPT.json [--key HEX] [--head HEAD.json]")
        return 2
    try:
        witnessed = []
        if "--head" in options:
            with open(options["--head"], encoding="utf-8") as stream:  # noqa: PTH123 -- as small as can be
                witnessed.append(json.load(stream))
        if arguments[0].endswith(".json"):
            with open(arguments[0], encoding="utf-8") as stream:  # noqa: PTH123 -- as above
                found = check_receipt(json.load(stream), options.get("--key"))
        else:
            found = check(arguments[0], options.get("--key"), witnessed)
    except (Rejected, OSError, ValueError) as error:
        _tell(f"不通过 / REJECTED: {error}")
        return 2
    _tell("全部一致 / everything holds")
    _tell(json.dumps(found, ensure_ascii=False, indent=1))
    if "--key" not in options:
        _tell("请与检察院公布的公钥核对 key / compare `key` with the one the office has published")
    return 0


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
