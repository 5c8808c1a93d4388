"""A manifest in the reading zone: readable, of the right patient, its addresses shown and never followed."""

from dataclasses import replace

import pytest

from demonstration.people import NORA
from praticien.documents.manifest import InvalidManifest
from praticien.metadata import RetrievedDocument
from tests.praticien.documents.structured.test_imaging_writer import FULL, of
from tests.praticien.documents.test_kos import made
from ui.tasks import Tasks
from ui.viewer.panel import DocumentOfAnother, ViewerPanel, read


def retrieved(document=None):
    submitted = made(document or of(study=replace(FULL, description="IRM <b>genou</b>")))
    entry = submitted.entry
    return entry, RetrievedDocument(entry.unique_id, entry.mime_type, submitted.content)


def test_series_objects_and_addresses_are_read_as_text(qtbot):
    tasks = Tasks()
    panel = ViewerPanel(tasks)
    qtbot.addWidget(panel)
    panel.show()
    with qtbot.waitSignal(panel.shown):
        panel.show_document(*retrieved())
    for words in (
        "IRM <b>genou</b>",
        "T1 sagittal",
        "Résonance magnétique",
        FULL.accession_number,
        "2 séries, 2 objets",
    ):
        assert words in panel.text
    assert f"/studies/{FULL.study_uid}/series/{FULL.series[0].uid}" in panel.text
    assert "<a " not in panel.findChild(type(panel._body), "viewer.body").toHtml()
    tasks.close()


def test_the_manifest_of_another_patient_is_not_shown():
    entry, content = retrieved()
    with pytest.raises(DocumentOfAnother):
        read(replace(entry, patient_id=NORA.ins), content)


def test_a_damaged_one_is_refused():
    entry, content = retrieved()
    with pytest.raises(InvalidManifest):
        read(entry, replace(content, content=content.content[:200]))
