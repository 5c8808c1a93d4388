"""What was opened in the dossier at hand: the coded facts of each document, until the patient changes or one locks."""

from __future__ import annotations

from praticien.documents.coded.facts import CodedFacts
from praticien.documents.summary_sources import ReadDocument
from praticien.identity import Ins
from praticien.metadata import DocumentEntry
from ui.document_words import kind_words, moment_of
from ui.text import day_text


class ReadHere:
    """One patient at a time; nothing of another one is ever kept beside."""

    def __init__(self) -> None:
        self._patient: Ins | None = None
        self._documents: dict[str, ReadDocument] = {}

    def add(self, entry: DocumentEntry, facts: CodedFacts) -> None:
        """A document was understood and shown."""
        if entry.patient_id != self._patient:
            self.forget()
            self._patient = entry.patient_id
        title = entry.title or kind_words(entry)
        self._documents[entry.unique_id] = ReadDocument(entry.unique_id, title, day_text(moment_of(entry)), facts)

    def of(self, patient: Ins | None) -> tuple[ReadDocument, ...]:
        """Those of this patient, the last opened first."""
        return tuple(reversed(self._documents.values())) if patient and patient == self._patient else ()

    def forget(self) -> None:
        """Nothing is kept."""
        self._patient = None
        self._documents.clear()
