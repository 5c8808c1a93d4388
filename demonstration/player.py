"""The jobs, played on the real window without a screen: keys, cards, pictures, documents, a summary."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from demonstration import jobs
from demonstration.follow_up_job import follow_up
from demonstration.recorder import StepFailed
from demonstration.scene import Scene
from demonstration.stage import Stage
from demonstration.structured_jobs import structured_documents
from ui.application import create
from ui.dependencies import Dependencies

JOBS = (
    jobs.general_practitioner,
    jobs.emergency_physician,
    jobs.regulating_physician,
    jobs.radiology_secretary,
    structured_documents,
    follow_up,
)


def play(dependencies: Dependencies, stage: Stage, folder: Path) -> int:
    """Play everything; 0 when every step succeeded, else 1. ``folder`` receives pictures, documents and summary."""
    qInstallMessageHandler(_say)
    application = create()
    scene = Scene(dependencies, stage, folder)
    try:
        scene.open()
        for job in JOBS:
            job(scene)
    except StepFailed as failure:
        print(f"praticien : étape échouée : {failure}", file=sys.stderr)
    finally:
        page = scene.end()
        application.processEvents()
    print(page)
    return 1 if scene.recorder.failed else 0


def _say(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Qt's messages on standard error, but for what the offscreen platform cannot do (there is no screen)."""
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr)
