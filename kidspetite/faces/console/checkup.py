"""`doctor`: what the shop's operator should look at, each finding with what to do."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.media import files
from kidspetite.foundation.media.errors import StoreUnreachable
from kidspetite.foundation.plumbing import health, wiring

Status = Literal["ok", "warning", "failed"]
MODEL_ENDS = {
    "gpt-4o": date(2027, 1, 14),
    "gpt-4o-2024-08-06": date(2027, 1, 14),
    "gpt-4o-2024-11-20": date(2027, 1, 14),
    "gpt-4o-mini": date(2027, 1, 14),
    "gpt-4o-mini-2024-07-18": date(2027, 1, 14),
}
MODEL_NOTICE = timedelta(days=60)
FREE_BYTES_FAILED, FREE_BYTES_WARNING = 200_000_000, 2_000_000_000


@dataclass(frozen=True)
class Finding:
    name: str
    status: Status
    detail: str


def examine() -> list[Finding]:
    """Every finding in a fixed order; checks that need the database are left out when it does not answer."""
    findings = [*_environment(), *_database()]
    findings += [*_disk(), *_mail(), *_models(clock.now().date())]
    return findings


def _environment() -> Iterator[Finding]:
    done = subprocess.run(
        [sys.executable, "manage.py", "env", "check"], cwd=settings.ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        yield Finding("environment", "failed", done.stderr.strip())
    elif done.stderr.strip():
        yield Finding("environment", "warning", done.stderr.strip())
    else:
        yield Finding("environment", "ok", done.stdout.strip())


def _database() -> Iterator[Finding]:
    if not health.is_database_answering():
        yield Finding("database", "failed", "The database does not answer. Start it, or check DATABASE_URL.")
        return
    version = connection.cursor().connection.info.server_version
    yield Finding("database", "ok", f"PostgreSQL {version // 10000}.{version % 10000}")
    yield _judged(
        "durability",
        health.is_durable,
        "Commits survive a crash.",
        "fsync, full_page_writes or synchronous_commit is off: a crash may lose orders. Turn them on.",
    )
    migrated = _judged("migrations", health.is_migrated, "All are applied.", "Some are missing. Run ./shop migrate.")
    yield migrated
    if migrated.status == "ok":
        yield from _jobs()


def _judged(name: str, is_fine: Callable[[], bool], fine: str, wrong: str) -> Finding:
    try:
        return Finding(name, "ok", fine) if is_fine() else Finding(name, "failed", wrong)
    except DatabaseError as error:
        return Finding(name, "failed", str(error).strip())


def _jobs() -> Iterator[Finding]:
    found = {warning.name: warning.detail for warning in health.warnings()}
    told = {
        "worker": "A worker is at work.",
        "stalled_jobs": "No job has lost its worker.",
        "failed_jobs": "No job gave up.",
        "webhooks": "Every webhook was acted upon.",
    }
    for name, fine in told.items():
        yield Finding(name, "warning", found.pop(name)) if name in found else Finding(name, "ok", fine)
    for name, detail in found.items():
        yield Finding(name, "warning", detail)


def _disk() -> Iterator[Finding]:
    if bucket := files.in_bucket():
        yield _pictures_in(bucket.name, lambda: bucket.has("pictures/doctor"))
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    status: Status = "failed" if free < FREE_BYTES_FAILED else "warning" if free < FREE_BYTES_WARNING else "ok"
    yield Finding("disk", status, f"{free / 1e9:.1f} GB free where pictures are kept.")


def _pictures_in(name: str, ask: Callable[[], bool]) -> Finding:
    try:
        ask()
    except StoreUnreachable as error:
        cause = str(error.__cause__).strip().splitlines()[0][:300]
        return Finding(
            "pictures", "failed", f"The bucket {name} does not answer, or not to this key. Check S3_*: {cause}"
        )
    return Finding("pictures", "ok", f"The bucket {name} answers.")


def _mail() -> Iterator[Finding]:
    way = next(iter(wiring.codes("mail")), "")
    if way == "outbox":
        yield Finding("mail", "warning", "Mail stays in the outbox. Set SENDGRID_API_KEY or SMTP_URL to send it.")
    elif way:
        yield Finding("mail", "ok", f"Mail leaves through {way}.")
    else:
        yield Finding("mail", "failed", "There is no way for mail to leave. Set SENDGRID_API_KEY or SMTP_URL.")


def _models(today: date) -> Iterator[Finding]:
    """The language models' announced ends, early enough to choose and try a successor."""
    for name, model in settings.LANGUAGE_MODELS.items():
        ends = MODEL_ENDS.get(model)
        if ends and today >= ends:
            yield Finding(name, "failed", f"{model} was shut down on {ends}. Set {name} to its successor.")
        elif ends and today >= ends - MODEL_NOTICE:
            yield Finding(name, "warning", f"{model} ends on {ends}. Set {name} to its successor before then.")
        else:
            yield Finding(name, "ok", model)
