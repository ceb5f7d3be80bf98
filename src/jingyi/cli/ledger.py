"""`jingyi verify`: prove the whole ledger."""

import json

from jingyi.cli import REFUSED, office, prepare


def add(commands) -> None:
    """Register `verify`."""
    parser = commands.add_parser(
        "verify",
        help="prove that nothing in the ledger was changed",
        description="Recompute the Merkle tree from every recorded act and compare it with what is "
        "stored; re-hash every sealed file.",
        epilog="example: jingyi verify --json",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument(
        "--quick", action="store_true", help="the ledger only; leave the vault's files unread"
    )
    parser.set_defaults(run=run)


def run(args) -> int:
    """Print the size, the root and the first thing found wrong; 2 if anything is."""
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
