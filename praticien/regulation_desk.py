"""A regulating physician at their desk: search without card or INS, minimum view first, the rest by another act.

Source: CSP L.1111-17 I. Everything here is asked in mode ``centre_15``, which writes no authorisation.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from praticien import emergency, minimum_view, regulation
from praticien.access import Access, AccessMode, EmergencyReason, Verdict
from praticien.errors import Refused, SessionLocked
from praticien.identity import IdentityStatus, Patient
from praticien.metadata import DocumentEntry
from praticien.minimum_view import MinimumView
from praticien.practice import Case, Practice
from praticien.regulation import Candidate, Found, SearchCriteria, Trait


class RegulationDesk:
    """Blocks as ``Practice`` does; the same rules about the turn hold."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    def verdict(self) -> Verdict:
        """May this professional, in this structure, act as a regulation centre? Raises SessionLocked."""
        holder, situation = self._practice.holder, self._practice.situation
        if holder is None or situation is None:
            raise SessionLocked("PIN not verified")
        return emergency.may_regulate(holder, situation.structure, self._practice.emergencies)

    def search(self, criteria: SearchCriteria, words: str = "") -> Found:
        """TD0.5. ``words`` name the call. Raises Refused (the rule), the DMP's errors."""
        return self._practice.dmp.search(criteria, self._access(words))

    def open(self, found: Found, candidate: Candidate, confirmed: Set[Trait], words: str, *, turn: int) -> Case:
        """Open one of those found and read the minimum view: TD0.2, TD3.1, and TD3.2 of what the view is made of.

        Raises Refused (the rule), the DMP's errors; then nobody is open.
        """
        verdict = regulation.may_open(found, candidate, confirmed)
        if not verdict.allowed:
            raise Refused(rule=verdict.rule.value)
        access = self._access(words)
        turn = self._practice.begin(turn)
        dmp = self._practice.dmp
        patient = Patient(candidate.traits, IdentityStatus.PROVISIONAL, candidate.ins, candidate.used_name)
        with self._practice.recorded(patient, access) as review:
            status = dmp.dossier_status(candidate.ins, access)
            entries = dmp.find_documents(candidate.ins, access)
        case = self._practice.adopt(Case(patient, status, access, review=review), turn)
        return self._practice.renew(case, minimum=self._read(case, entries))

    def extend(self, words: str) -> Case:
        """The time begins anew, for a reason said anew: asked of the server, so that it is traced."""
        case = self._practice.case
        if case is None or case.access.mode is not AccessMode.REGULATION:
            raise Refused("no regulation access to extend")
        access = self._access(words)
        with self._practice.recorded(case.patient, access, case.review):
            entries = self._practice.dmp.find_documents(case.ins, access)
        return self._practice.renew(case, access=access, documents=entries if case.documents else ())

    def _access(self, words: str) -> Access:
        verdict = self.verdict()
        if not verdict.allowed:
            raise Refused(rule=verdict.rule.value)
        now, rules = self._practice.now(), self._practice.emergencies
        return emergency.begin(AccessMode.REGULATION, EmergencyReason.REGULATION_CALL, words, now, rules)

    def _read(self, case: Case, entries: tuple[DocumentEntry, ...]) -> MinimumView:
        """One document that cannot be had does not keep the others from the screen: it is named."""
        read, unread = [], []
        for entry in minimum_view.chosen(entries):
            try:
                read.append((entry, self._practice.dmp.retrieve(case.ins, entry, case.access).content))
                self._practice.note_read(case.review, entry)
            except Refused:
                unread.append(entry)
        view = minimum_view.build(read)
        return replace(view, unread=(*view.unread, *unread), others=len(entries) - len(read) - len(unread))
