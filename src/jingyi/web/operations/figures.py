"""Figures in the text format of Prometheus 0.0.4. They count; they name nobody and no matter."""

from jingyi.web.operations.queries import Found


def exposition(found: Found) -> str:
    """Return every figure with its help and type, one line a value."""
    jobs, vault = found.jobs, found.vault
    oldest = (found.at - jobs.oldest).total_seconds() if jobs.oldest else 0
    by_state = {"waiting": jobs.waiting, "running": jobs.running, "failed": jobs.failed, "done": jobs.done}  # fmt: skip
    lines: list[str] = []

    def gauge(name: str, what: str, *values: tuple[str, float]) -> None:
        lines.append(f"# HELP jingyi_{name} {what}")
        lines.append(f"# TYPE jingyi_{name} gauge")
        lines.extend(f"jingyi_{name}{labels} {value:.15g}" for labels, value in values)

    gauge("jobs", "Jobs in the queue.", *((f'{{state="{s}"}}', n) for s, n in by_state.items()))
    gauge("job_oldest_waiting_seconds", "Age of the oldest job nobody has begun.", ("", oldest))
    gauge("workers", "Workers heard of within their lease.", ("", jobs.workers))
    gauge("database_bytes", "Size of the database.", ("", found.database_bytes))
    gauge("vault_files", "Sealed files.", ("", vault.files))
    gauge("vault_bytes", "Bytes of sealed files.", ("", vault.bytes))
    gauge("vault_failed_files", "Sealed files missing or changed.", ("", vault.failed))
    gauge("disk_free_bytes", "Free bytes where the data folder is.", ("", vault.free))
    gauge("ledger_entries", "Acts in the ledger.", ("", found.entries))
    gauge("ledger_witnesses", "Outside witnesses of the ledger.", ("", len(found.witnesses)))
    gauge(
        "ledger_witnesses_failing",
        "Witnesses that did not take the last tree head.",
        ("", sum(bool(peer.failed) for peer in found.witnesses)),
    )
    if found.backup:
        gauge(
            "backup_age_seconds", "Age of the last backup.", ("", found.backup.age.total_seconds())
        )
        gauge("backup_bytes", "Size of the last backup.", ("", found.backup.bytes))
    gauge(
        "calendar_days_left", "Days until the announced calendar ends.", ("", found.calendar_left)
    )
    gauge("rules_unconfirmed", "Clock rules whose reading is assumed.", ("", found.unconfirmed))
    return "\n".join([*lines, ""])
