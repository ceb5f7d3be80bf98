"""`jingyi verify`: prove the whole ledger, or a package. `jingyi export`: a case as a package."""

import json
from pathlib import Path

from jingyi.cli import REFUSED, office, prepare
from jingyi.core.refusal import Refusal


def add(commands) -> None:
    """Register `verify` and `export`."""
    parser = commands.add_parser(
        "verify",
        help="prove that nothing in the ledger was changed",
        description="Recompute the Merkle tree from every recorded act and compare it with what is "
        "stored; re-hash every sealed file.",
        epilog="example: jingyi verify --json",
    )
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="a sealed export (.zip) or a reporter's receipt (.json); without it, the whole ledger",
    )
    parser.add_argument("--key", metavar="HEX", help="the public key FILE.zip must be signed with")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument(
        "--quick", action="store_true", help="the ledger only; leave the vault's files unread"
    )
    parser.set_defaults(run=run)
    export = commands.add_parser(
        "export",
        help="seal a case as one file that a court can check offline",
        description="Write the files of CASE, its acts with their proofs, the signed tree heads and "
        "the program that checks them. Every original is hashed again.",
        epilog="example: jingyi export 2026-0007 --as wangli -o case.zip",
    )
    export.add_argument("case", metavar="CASE", help="the case's number, such as 2026-0007")
    export.add_argument("-o", "--output", metavar="FILE.zip", required=True, type=Path)
    export.add_argument(
        "--as",
        dest="user",
        metavar="USER",
        help="only if this person may read the case; in whose name",
    )
    export.set_defaults(run=run_export)


def run_export(args) -> int:
    """Write the package; 2 if the case is not to be found or a file is no longer what was sealed."""
    office()
    prepare()
    from django.utils import timezone

    from jingyi.web.accounts.models import User
    from jingyi.web.cases import sealed
    from jingyi.web.cases.models import Case
    from jingyi.web.cases.queries import cases_for

    user = User.objects.filter(username=args.user).first() if args.user else None
    if args.user and user is None:
        raise Refusal("没有用户“{user}”；请核对登录名。", user=args.user)
    case = (cases_for(user) if user else Case.objects.all()).filter(ref=args.case).first()
    if case is None:
        raise Refusal("没有案件 {ref}，或者无权查看；请核对案号。", ref=args.case)
    if not args.output.parent.is_dir():
        raise Refusal("文件夹 {folder} 不存在；请先建立。", folder=args.output.parent)
    sealed.save(sealed.export(case=case, by=user, at=timezone.now()), args.output)
    print(f"已封存导出 {args.output}")
    return 0


def _package(args) -> int:
    """Check a package; no office is needed, so a court can do it anywhere."""
    from jingyi.web.ledger import verifier

    try:
        if args.file.endswith(".json"):
            return _receipt(args)
        result = {"ok": True, **verifier.check(args.file, args.key), "problems": []}
    except verifier.Rejected as wrong:
        result = {"ok": False, "problems": [str(wrong)]}
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
    elif result["ok"]:
        print(
            f"{result['subject']}：文件 {result['files']} 个，记录 {result['acts']} 条，全部一致。"
        )
        print(f"公钥 {result['key']}" + ("" if args.key else "（请与检察院公布的核对）"))
    else:
        print("\n".join(result["problems"]))
    return 0 if result["ok"] else REFUSED


def _receipt(args) -> int:
    """Check a reporter's receipt; no office is needed."""
    from jingyi.web.ledger import verifier

    try:
        found = verifier.check_receipt(json.loads(Path(args.file).read_text("utf-8")), args.key)
    except (OSError, ValueError, RecursionError):
        raise Refusal("文件 {path} 读不了，或者不是回执；请核对文件。", path=args.file) from None
    if args.json:
        print(json.dumps({"ok": True, **found, "problems": []}, ensure_ascii=False))
    else:
        print(f"{found['office']}：{found['filed']} 收到，账本第 {found['index']} 条，回执成立。")
        print(f"公钥 {found['key']}" + ("" if args.key else "（请与检察院公布的核对）"))
    return 0


def run(args) -> int:
    """Print the size, the root and the first thing found wrong; 2 if anything is."""
    if args.file:
        return _package(args)
    office()
    prepare()
    from jingyi.web.evidence import queries as vault
    from jingyi.web.ledger import queries

    proof = queries.verify()
    files, broken = (0, []) if args.quick else vault.verify_vault()
    problems = [str(problem) for problem in (proof.problem, *broken) if problem]
    if args.json:
        result = {
            "entries": proof.size,
            "root": proof.root,
            "files": files,
            "ok": not problems,
            "problems": problems,
        }
        print(json.dumps(result, ensure_ascii=False))
    else:
        print(f"账本 {proof.size} 条，根 {proof.root}")
        print(f"证据库 {files} 个文件")
        print("\n".join(problems) or "全部一致。")
    return REFUSED if problems else 0
