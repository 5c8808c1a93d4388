"""Properties of a document, by the keyboard alone: what is possible, why not, and what each act does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from demonstration.people import EMERGENCY, HOPITAL, NORA
from praticien.document_acts import DocumentAct
from praticien.documents import cda_reader
from praticien.documents.model import DocumentKind, Party
from praticien.errors import Refused
from praticien.metadata import Association, AssociationType, Availability, Code, Confidentiality
from tests.ui.fakes import sample
from ui.act_words import DOCUMENT_WORDS
from ui.pages import Page

MEMBER = AssociationType.HAS_MEMBER


@pytest.fixture
def mine(world):
    """A prescription of the GP in Nora's dossier."""
    made = sample(NORA, DocumentKind.PRESCRIPTION, "Ordonnance fictive", "Paracétamol 1 g.")
    world.documents[NORA.ins.matricule] = [made]
    return made[0]


@pytest.fixture
def nora(world, window, hands, gp, mine):
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return", "Ctrl+I")
    assert window.pages.dossier.view == "documents"


def kept(world, entry):
    return next(e for e, _ in world.documents[NORA.ins.matricule] if e.unique_id == entry.unique_id)


def go(hands, act):
    """From the sheet to the confirmation of an act, by Tab and Enter."""
    for _ in range(20):
        if hands.focus() == f"properties.act.{act.value}":
            hands.press("Return")
            return
        hands.press("Tab")
    raise AssertionError(act)


def test_masked_and_back(world, window, hands, nora, mine):
    hands.press("Ctrl+P")
    assert window.page is Page.PROPERTIES
    assert hands.focus() == "properties.act.mask"
    hands.press("Return")
    assert hands.focus() == "properties.confirmation.back"  # Enter alone does nothing by accident
    assert window.pages.properties.confirmation.effect == DOCUMENT_WORDS[DocumentAct.MASK].effect
    hands.press("Ctrl+Return")
    assert window.page is Page.DOSSIER
    assert kept(world, mine).has(Confidentiality.MASKED)
    assert "est masqué aux professionnels" in window.notice.text
    assert "masqué aux professionnels" in window.pages.dossier.documents.model.lines(0)[2]
    hands.press("Ctrl+P")
    go(hands, DocumentAct.UNMASK)
    hands.press("Ctrl+Return")
    assert not kept(world, mine).has(Confidentiality.MASKED)


def test_deleting_takes_a_second_act(world, window, hands, nora, mine):
    hands.press("Ctrl+P")
    go(hands, DocumentAct.DELETE)
    hands.press("Ctrl+Return")
    assert kept(world, mine).availability is Availability.APPROVED
    assert hands.find("properties.confirmation.irreversible").isVisible()
    assert hands.focus() == "properties.confirmation.box1"
    hands.press("Space", "Ctrl+Return")
    assert kept(world, mine).availability is Availability.DELETED
    assert window.pages.dossier.documents.titles == ()


def test_escape_goes_back_one_step_at_a_time(world, window, hands, nora):
    hands.press("Ctrl+P", "Return", "Esc")
    assert window.page is Page.PROPERTIES
    assert hands.focus() == "properties.act.mask"
    hands.press("Esc")
    assert window.page is Page.DOSSIER
    assert "visibility" not in [name for name, *_ in world.dmp.calls]


def test_archived_then_shown_and_brought_back(world, window, hands, nora, mine):
    hands.press("Ctrl+P")
    go(hands, DocumentAct.ARCHIVE)
    hands.press("Ctrl+Return")
    assert window.pages.dossier.documents.titles == ()
    hands.find("notice.act").click()  # "Afficher les archivés"
    hands.wait()
    assert window.pages.dossier.documents.titles == (mine.title,)
    hands.press("Ctrl+P")
    go(hands, DocumentAct.UNARCHIVE)
    hands.press("Ctrl+Return")
    assert kept(world, mine).availability is Availability.APPROVED


def test_made_visible_to_the_patient(world, window, hands, nora, mine):
    hidden = replace(mine, confidentiality=(Confidentiality.NORMAL, Confidentiality.INVISIBLE_TO_PATIENT))
    held = world.documents[NORA.ins.matricule]
    held[0] = (hidden, held[0][1])
    hands.press("F5", "Return")
    assert "le patient ne voit pas encore ce document" in hands.find("viewer.warning", window.pages.dossier).text()
    hands.press("Ctrl+P")
    assert "EX_2.1-1050" in hands.find("properties.why.mask").text()
    go(hands, DocumentAct.SHOW_TO_PATIENT)
    hands.press("Space", "Ctrl+Return")
    assert kept(world, mine).confidentiality == (Confidentiality.NORMAL,)
    hands.press("Return")
    assert hands.find("viewer.warning", window.pages.dossier).text() == ""


def test_somebody_elses_document_says_why(world, window, hands, nora):
    party = Party(EMERGENCY, HOPITAL)
    theirs = sample(
        NORA, DocumentKind.PRESCRIPTION, "Ordonnance d’un autre", "Rien.", author=party, legal_authenticator=party
    )
    world.documents[NORA.ins.matricule] = [theirs]
    hands.press("F5", "Ctrl+P")
    for act in ("delete", "replace"):
        assert not hands.find(f"properties.act.{act}").isEnabled()
        assert "Seul l’auteur" in hands.find(f"properties.why.{act}").text()
    assert hands.find("properties.act.archive").isEnabled()  # Nora's médecin traitant archives anybody's


def test_a_refusal_stays_where_it_was_asked(world, window, hands, nora, mine):
    hands.press("Ctrl+P", "Return")
    world.dmp.failing = Refused(rule="authorisation.none")
    hands.press("Ctrl+Return")
    assert window.page is Page.PROPERTIES
    assert "Vous n’êtes pas autorisé" in window.pages.properties.confirmation.notice.text
    assert window.notice.text == ""
    world.dmp.failing = None
    hands.press("Ctrl+Return")
    assert kept(world, mine).has(Confidentiality.MASKED)


def test_what_came_with_it(world, window, hands, nora, mine):
    other = sample(NORA, DocumentKind.LAB_RESULT, "Bilan du même jour", "Rien.")
    world.documents[NORA.ins.matricule].append(other)
    world.registry.edges = [
        Association(MEMBER, "urn:uuid:set", mine.entry_uuid),
        Association(MEMBER, "urn:uuid:set", other[0].entry_uuid),
    ]
    hands.press("F5", "Ctrl+P")
    related = hands.find("properties.other")
    assert "Bilan du même jour" in related.text()
    related.click()
    hands.wait()
    assert window.page is Page.DOSSIER
    assert window.pages.dossier.viewer.title == "Bilan du même jour"


def test_a_new_version(world, window, hands, nora, mine):
    hands.press("Ctrl+P")
    go(hands, DocumentAct.REPLACE)
    assert window.page is Page.DEPOSIT
    assert "Nouvelle version (2)" in hands.find("deposit.heading").text().replace("\u00a0", " ")
    hands.find("deposit.text").setFocus()
    hands.type("Paracétamol 500 mg.")
    hands.press("Ctrl+Return")
    documents = world.documents[NORA.ins.matricule]
    assert [entry.availability for entry, _ in documents] == [Availability.APPROVED, Availability.DEPRECATED]
    headers = [cda_reader.read(content).header for _, content in documents]
    assert headers[0].set_id == headers[1].set_id
    assert [header.version for header in headers] == [2, 1]
    assert documents[0][0].title == mine.title
    hands.press("Ctrl+E", "Tab", "Space")  # old versions too
    words = window.pages.dossier.documents.model.lines(1)[2]
    assert "remplacé" in words


def test_a_new_version_and_a_new_document_are_two_drafts(world, window, hands, nora):
    hands.press("F6")
    hands.find("deposit.text").setFocus()
    hands.type("Tout autre chose")
    hands.press("Esc", "Ctrl+P")
    go(hands, DocumentAct.REPLACE)
    assert window.pages.deposit.draft().text == ""
    hands.find("deposit.text").setFocus()
    hands.type("Corrigé")
    hands.press("Esc", "F6")
    assert window.pages.deposit.draft().text == "Tout autre chose"
    assert window.pages.deposit.draft().replaces is None
    hands.press("Esc", "Ctrl+P")
    go(hands, DocumentAct.REPLACE)
    draft = window.pages.deposit.draft()
    assert (draft.text, draft.version, draft.replaces is not None) == ("Corrigé", 2, True)


def test_states_and_filters_of_the_list(world, window, hands, nora, mine):
    masked = (Confidentiality.NORMAL, Confidentiality.MASKED)
    patients = Code("90", mine.class_code.system, "Documents du patient")
    more = (
        replace(mine, entry_uuid="urn:uuid:1", unique_id="2.25.1", title="Masqué", confidentiality=masked),
        replace(mine, entry_uuid="urn:uuid:2", unique_id="2.25.2", title="Du patient", class_code=patients),
        replace(mine, entry_uuid="urn:uuid:3", unique_id="2.25.3", title="Vieux", availability=Availability.ARCHIVED),
    )
    world.documents[NORA.ins.matricule] += [(one, b"") for one in more]
    hands.press("F5")
    documents = window.pages.dossier.documents
    assert documents.titles == (mine.title, "Masqué", "Du patient")
    assert "écrit par le patient" in documents.model.lines(2)[2]
    hands.press("Ctrl+E", "Space")
    assert documents.titles[-1] == "Vieux"
    assert "archivé" in documents.model.lines(3)[2]
    hands.press("Tab", "Tab", "Space")
    assert documents.titles == (mine.title, "Du patient", "Vieux")
    hands.press("Ctrl+E")
    assert hands.focus() == "documents.table"
    hands.press("F2", "2", "Return")
    assert documents.states.statuses == (Availability.APPROVED,)  # nothing of the wish stays for the next patient


def test_what_is_new_since_the_visit_before(world, window, hands, nora, mine):
    party = Party(EMERGENCY, HOPITAL)
    theirs = sample(NORA, DocumentKind.LAB_RESULT, "Arrivé depuis", "Rien.", author=party, legal_authenticator=party)
    world.documents[NORA.ins.matricule].insert(0, theirs)
    documents = window.pages.dossier.documents
    assert not hands.find("documents.new").isVisible()
    world.now.append(datetime.now(UTC) + timedelta(days=2))
    world.registry.sets = {"urn:uuid:set": datetime.now(UTC) + timedelta(days=1)}
    world.registry.edges = [Association(MEMBER, "urn:uuid:set", theirs[0].entry_uuid)]
    hands.press("F5")
    assert documents.model.lines(0)[2].startswith("nouveau")
    fresh = hands.find("documents.new")
    assert fresh.text() == "Nouveaux (1)"
    fresh.click()
    assert documents.titles == ("Arrivé depuis",)
