"""The registry: questions about documents (TD3.1) and changes of their description (TD3.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from connectors.dmp import ebxml, lot_signature, td3_1, td3_3
from connectors.dmp.caller import Caller
from connectors.errors import DocumentChanged, DocumentUnknown, Fault
from connectors.soap.parsing import Element
from praticien.access import Access
from praticien.identity import Ins
from praticien.metadata import Association, Availability, Code, DocumentEntry, Reference


class RegistryCalls(Caller):
    """Documents as the registry describes them; lot signatures are left out of every answer."""

    def find_documents(
        self, patient: Ins, access: Access, statuses: Iterable[Availability] = td3_1.ACTIVE
    ) -> tuple[DocumentEntry, ...]:
        """TD3.1: documents in one of these states, newest first."""
        return self._entries(td3_1.find_documents(patient, statuses), patient, access)

    def find_by_reference(
        self, patient: Ins, references: Iterable[Reference], access: Access
    ) -> tuple[DocumentEntry, ...]:
        """FindDocumentsByReferenceId: active documents with any of these references (an accession number…)."""
        return self._entries(td3_1.find_by_reference(patient, references), patient, access)

    def get_entries(self, patient: Ins, entry_uuids: Iterable[str], access: Access) -> tuple[DocumentEntry, ...]:
        """GetDocuments: those of the entryUUIDs that this professional may see, in any state."""
        return self._entries(td3_1.get_entries(entry_uuids), patient, access)

    def technical_ids(self, patient: Ins, unique_id: str, access: Access) -> tuple[str, ...]:
        """TD3.1b: the entryUUID of the document with this uniqueId."""
        question = td3_1.get_technical_id(unique_id)
        return td3_1.read_references(self._ask("registry", td3_1.ACTION, question, patient, access).body)

    def _entries(self, question: Element, patient: Ins, access: Access) -> tuple[DocumentEntry, ...]:
        answer = self._ask("registry", td3_1.ACTION, question, patient, access)
        entries = [e for e in td3_1.read(answer.body, patient) if not lot_signature.is_signature(e)]
        return tuple(sorted(entries, key=lambda entry: entry.creation_time, reverse=True))

    def submitted_since(self, patient: Ins, since: datetime, access: Access) -> tuple[str, ...]:
        """FindSubmissionSets: entryUUIDs of what was submitted from that moment on."""
        question = td3_1.find_submission_sets(patient, since)
        return td3_1.read_references(self._ask("registry", td3_1.ACTION, question, patient, access).body)

    def associations(self, patient: Ins, identifiers: Iterable[str], access: Access) -> tuple[Association, ...]:
        """GetAssociations of documents and submission sets, by entryUUID."""
        question = td3_1.get_associations(identifiers)
        return td3_1.read_associations(self._ask("registry", td3_1.ACTION, question, patient, access).body)

    def set_availability(self, patient: Ins, entry: DocumentEntry, status: Availability, access: Access) -> None:
        """TD3.3c, TD3.3d: delete, archive or take out of the archives."""
        body = td3_3.status_request(entry, status, self._sender, self._clock())
        td3_3.check(self._ask("registry", td3_3.ACTION, body, patient, access, once=True).body)

    def delete(self, patient: Ins, unique_ids: Iterable[str], access: Access) -> None:
        """TD3.1b, then TD3.3c of what it found. Raises DocumentUnknown when this patient has none of them."""
        found = [uuid for unique_id in unique_ids for uuid in self.technical_ids(patient, unique_id, access)]
        if not found:
            raise DocumentUnknown(Fault("uniqueId"))
        body = td3_3.deletion(patient, found, self._sender, self._clock())
        td3_3.check(self._ask("registry", td3_3.ACTION, body, patient, access, once=True).body)

    def set_visibility(
        self, patient: Ins, entry: DocumentEntry, confidentiality: Iterable[Code], *, secret: bool = False
    ) -> None:
        """TD3.3a, TD3.3b. Raises DocumentChanged when the document's visibility is no longer that of ``entry``."""
        access = Access(secret=secret)
        stored = self._stored(patient, entry, access)
        body = td3_3.visibility_request(stored, patient, confidentiality, self._sender, self._clock())
        td3_3.check(self._ask("registry", td3_3.ACTION, body, patient, access, once=True).body)

    def _stored(self, patient: Ins, entry: DocumentEntry, access: Access) -> Element:
        """The entry as the registry has it now: what is not asked to change must leave here unchanged."""
        answer = self._ask("registry", td3_1.ACTION, td3_1.get_entries([entry.entry_uuid]), patient, access)
        now = td3_1.read(answer.body, patient)
        found = [e for e in td3_1.extrinsic_objects(answer.body) if ebxml.read_entry(e).unique_id == entry.unique_id]
        if len(found) != 1 or len(now) != 1:
            raise DocumentUnknown(Fault("entryUUID"))
        if {c.code for c in now[0].confidentiality} != {c.code for c in entry.confidentiality}:
            raise DocumentChanged(Fault("confidentiality"))
        return found[0]
