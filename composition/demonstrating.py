"""The demonstration: its stage, and on it the window, in front of a user or played without a screen."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from composition.application import show
from composition.wiring import Parts, close, dependencies
from demonstration.stage import Stage
from praticien.identity import InsOid
from praticien.imaging_configuration import ImagingConfiguration
from praticien.listening import ListenAddress
from praticien.secrets_at_rest import key_from_file

IMAGES = "https://images.test.invalid/wado-rs"


def run(
    data: Path,
    *,
    in_process: bool,
    pin_pad: bool,
    laboratories: ListenAddress | None,
    archive: ListenAddress | None,
) -> int:
    """Show the window until it is closed; ``archive`` is where a PACS sends its examinations."""
    with Stage(data, in_process=in_process, pin_pad=pin_pad) as stage:
        return show(parts(stage, laboratories, archive))


def play(
    folder: Path,
    data: Path | None,
    *,
    in_process: bool,
    laboratories: ListenAddress | None,
    archive: ListenAddress | None,
) -> int:
    """Play the jobs without a screen; pictures, documents and summary go to ``folder``.

    Without ``data`` nothing is kept for the next time.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from demonstration import player

    with ExitStack() as stack:
        data = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="praticien-")))
        stage = stack.enter_context(Stage(data, in_process=in_process))
        given = dependencies(parts(stage, laboratories, archive))
        try:
            return player.play(given, stage, folder)
        finally:
            close(given)


def parts(stage: Stage, laboratories: ListenAddress | None, archive: ListenAddress | None) -> Parts:
    """What the window is made of on this stage; ``laboratories`` and ``archive``: where they are listened to."""
    data = stage.data / "application"
    return Parts(
        stage.endpoint,
        stage.desk,
        data,
        partial(key_from_file, data),
        ins_oid=InsOid.TEST,
        radiologists=stage.radiologists,
        emergencies=stage.emergencies,
        imaging=ImagingConfiguration(retrieve_url=IMAGES, listen=archive),
        listen=laboratories,
        notice=stage.notice,
        card_table=stage.card_table,
        reader_keys=stage.reader_keys,
        patient_view=stage.patient_view,
    )
