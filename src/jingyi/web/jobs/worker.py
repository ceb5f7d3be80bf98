"""The worker: runs queued tasks, says it is alive, and takes over from the dead."""

import os
import threading
import uuid

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker

from jingyi.web.jobs import actions

BEAT_EVERY = 5.0  # seconds


def work(*, until_empty: bool = False) -> None:
    """Run tasks until stopped, or until the queue is empty."""
    name = f"{os.uname().nodename}-{os.getpid()}-{uuid.uuid4().hex[:8]}"[:64]
    actions.beat(worker=name, at=timezone.now())
    actions.reap(at=timezone.now())
    stopped = threading.Event()
    heart = threading.Thread(target=_keep_beating, args=(name, stopped), daemon=True)
    heart.start()
    worker = QueueWorker(
        queue_names=["*"],
        interval=0.5,
        batch=until_empty,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    if not until_empty:
        worker.configure_signals()
    try:
        worker.run()
    finally:
        stopped.set()
        heart.join()


def _keep_beating(name: str, stopped: threading.Event) -> None:
    while not stopped.wait(BEAT_EVERY):
        try:
            actions.beat(worker=name, at=timezone.now())
            actions.reap(at=timezone.now())
            for path in settings.JINGYI_BEATS:  # rooms above name themselves in the settings
                import_string(path)(timezone.now())
        except (
            OperationalError,
            InterfaceError,
        ):  # away for a moment: a silent heart is a dead one
            connection.close()
    connection.close()
