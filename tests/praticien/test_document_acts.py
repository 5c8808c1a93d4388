"""The client's table of document acts, held against the server's own, which was written apart."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from demonstration import people
from praticien.access import AccessMode, Authorisation, DossierState
from praticien.document_acts import ActRule, Agent, DocumentAct, confidentiality_after, may
from praticien.metadata import Author, Availability, Confidentiality, Person
from praticien.professional import CardHolder, CardKind, Professional
from reference_server import document_rights
from reference_server.access import Actor, AuthMode, Dossier, Function, decide
from reference_server.document_rights import Document
from tests.connectors.samples import entry, registered

ENTRY = registered(entry())
NURSE = Professional("899700000156", "TESTINFIRMIER", "Luc", profession="60")
OTHER = Person("899700000999", "TESTAUTRE", "Anne")
PATIENT = Person(people.NORA.ins.matricule, "TESTFAMILLE", "NORA", kind="INS")
HOLDERS = {
    "gp": CardHolder(CardKind.CPS, "1", people.GP),
    "nurse": CardHolder(CardKind.CPS, "2", NURSE),
    "secretary": CardHolder(CardKind.CPE, "3", people.SECRETARY),
}
FUNCTIONS = {
    DocumentAct.MASK: Function.MASK,
    DocumentAct.UNMASK: Function.UNMASK,
    DocumentAct.SHOW_TO_PATIENT: Function.MAKE_VISIBLE,
    DocumentAct.SHOW_TO_REPRESENTATIVES: Function.MAKE_VISIBLE,
    DocumentAct.ARCHIVE: Function.ARCHIVE,
    DocumentAct.UNARCHIVE: Function.ARCHIVE,
    DocumentAct.DELETE: Function.DELETE,
}
NEEDED = {
    DocumentAct.UNMASK: {"confidentiality": (Confidentiality.NORMAL, Confidentiality.MASKED)},
    DocumentAct.SHOW_TO_PATIENT: {"confidentiality": (Confidentiality.NORMAL, Confidentiality.INVISIBLE_TO_PATIENT)},
    DocumentAct.SHOW_TO_REPRESENTATIVES: {
        "confidentiality": (Confidentiality.NORMAL, Confidentiality.INVISIBLE_TO_REPRESENTATIVES)
    },
    DocumentAct.UNARCHIVE: {"availability": Availability.ARCHIVED},
}
"""The state in which an act has a meaning."""


def by(who: str, holder: CardHolder):
    me = holder.professional
    persons = {"me": Person(me.national_id, me.family_name, me.given_name), "other": OTHER, "patient": PATIENT}
    return replace(ENTRY, authors=(Author(persons[who]),))


def server_allows(act: DocumentAct, holder: CardHolder, mode: AccessMode, treating: bool, who: str) -> bool:
    actor = Actor(AuthMode.DIRECT, holder.card_kind, holder.professional.profession, mode, reason_given=True)
    dossier = Dossier(DossierState.OPEN, Authorisation.VALID, treating=treating, masked_visible_in_emergency=True)
    document = Document(own=who == "me", by_patient=who == "patient", type_code=ENTRY.type_code.code)
    on_dossier = decide(FUNCTIONS[act], actor, dossier)
    on_document = document_rights.may_change(FUNCTIONS[act], actor, dossier, document, date(2026, 11, 22))
    return on_dossier.allowed and on_document.allowed


@pytest.mark.parametrize("act", FUNCTIONS)
def test_the_window_promises_what_the_server_grants(act):
    """The whole product of who, mode, médecin traitant and author."""
    for (name, holder), mode, treating, who in product(
        HOLDERS.items(), AccessMode, (False, True), ("me", "other", "patient")
    ):
        if treating and (name != "gp" or mode is AccessMode.REGULATION):
            continue  # no médecin traitant but a physician; on call at a centre 15 they are one like another
        shown = may(act, replace(by(who, holder), **NEEDED.get(act, {})), Agent(holder, mode, treating))
        assert shown.allowed == server_allows(act, holder, mode, treating, who), (act, name, mode, treating, who)


GP = Agent(HOLDERS["gp"], AccessMode.NORMAL, treating=False)
MINE = by("me", HOLDERS["gp"])
HIDDEN = (Confidentiality.NORMAL, Confidentiality.INVISIBLE_TO_PATIENT)


@pytest.mark.parametrize(
    "act, changes, rule",
    [
        (DocumentAct.MASK, {}, ActRule.ALLOWED),
        (DocumentAct.MASK, NEEDED[DocumentAct.UNMASK], ActRule.ALREADY_MASKED),
        (DocumentAct.MASK, {"confidentiality": HIDDEN}, ActRule.HIDDEN_FROM_PATIENT),
        (DocumentAct.UNMASK, {}, ActRule.NOT_MASKED),
        (DocumentAct.SHOW_TO_PATIENT, {}, ActRule.VISIBLE_ALREADY),
        (DocumentAct.SHOW_TO_REPRESENTATIVES, {}, ActRule.VISIBLE_TO_REPRESENTATIVES),
        (DocumentAct.UNARCHIVE, {}, ActRule.NOT_ARCHIVED),
        (DocumentAct.REPLACE, {}, ActRule.ALLOWED),
        (DocumentAct.REPLACE, {"authors": (Author(OTHER),)}, ActRule.AUTHOR_ONLY),
        (DocumentAct.REPLACE, {"availability": Availability.ARCHIVED}, ActRule.ARCHIVED),
        (DocumentAct.MASK, {"availability": Availability.ARCHIVED}, ActRule.ARCHIVED),
        (DocumentAct.ARCHIVE, {"availability": Availability.ARCHIVED}, ActRule.ARCHIVED),
        (DocumentAct.MASK, {"availability": Availability.DEPRECATED}, ActRule.OLD_VERSION),
        (DocumentAct.DELETE, {"availability": Availability.DEPRECATED}, ActRule.ALLOWED),
        (DocumentAct.DELETE, {"availability": Availability.DELETED}, ActRule.DELETED),
    ],
)
def test_the_state_of_the_document_first(act, changes, rule):
    assert may(act, replace(MINE, **changes), GP).rule is rule


def test_an_act_changes_one_code():
    both = (Confidentiality.NORMAL, Confidentiality.MASKED, Confidentiality.INVISIBLE_TO_REPRESENTATIVES)
    document = replace(ENTRY, confidentiality=both)
    assert confidentiality_after(DocumentAct.UNMASK, document) == (both[0], both[2])
    assert confidentiality_after(DocumentAct.SHOW_TO_REPRESENTATIVES, document) == both[:2]
    assert confidentiality_after(DocumentAct.MASK, ENTRY) == both[:2]
