"""Acts on the document that is read: prescribed again, compared with the version before."""

from dataclasses import replace
from datetime import date

from demonstration.people import NORA
from praticien.documents.model import DocumentKind, ReplacedVersion
from praticien.documents.prescription import Flag, Prescription, PrescriptionLine
from praticien.documents.prescription_posology import parse
from praticien.metadata import Association, AssociationType, Availability
from tests.ui.fakes import sample
from ui.pages import Page

LINES = (
    PrescriptionLine("TESTAMINE 500 mg comprimé", parse("1 cp 3/j 5 j"), flags=frozenset({Flag.LONG_TERM_ILLNESS})),
    PrescriptionLine("AUTRAMINE 20 mg gélule", parse("1 gél le soir"), renewals=2),
)


def prescribed(lines=LINES, **changes):
    body = Prescription(lines, date(2027, 2, 20))
    return sample(NORA, DocumentKind.PRESCRIPTION, "Ordonnance", "", body=body, **changes)


def read_first(hands, window):
    hands.press("F2")
    hands.search(NORA)
    hands.press("Ctrl+I", "Home", "Return")
    assert window.pages.dossier.viewer.shown_document


def test_renewing_fills_the_form_with_the_same_lines(world, window, hands, gp):
    world.documents[NORA.ins.matricule] = [prescribed()]
    read_first(hands, window)
    hands.press("Ctrl+N")
    assert window.page is Page.DEPOSIT
    typed = window.pages.deposit.draft().lines
    assert [line.name for line in typed] == [line.name for line in LINES]
    assert [parse(line.posology) for line in typed] == [line.posology for line in LINES]
    assert typed[0].flags == LINES[0].flags
    assert typed[1].renewals == 2
    assert "2\u00a0lignes reprises" in window.notice.text

    hands.press("Ctrl+Return")
    assert window.page is Page.DOSSIER
    deposited = world.documents[NORA.ins.matricule][0]
    assert b"TESTAMINE 500 mg" in deposited[1]
    assert deposited[0].unique_id != prescribed()[0].unique_id


def test_a_line_that_contradicts_itself_is_left_to_complete(world, window, hands, gp):
    entry, content = prescribed(LINES[:1])
    content = content.replace(b'value="1" unit="{tablet}"', b'value="2" unit="{tablet}"')
    world.documents[NORA.ins.matricule] = [(entry, content)]
    read_first(hands, window)
    hands.press("Ctrl+N")
    assert window.pages.deposit.draft().lines[0].posology == ""
    assert "1\u00a0ligne à compléter" in window.notice.text
    hands.press("Ctrl+Return")
    assert window.page is Page.DEPOSIT  # refused until the posology is typed


def test_nothing_to_renew_in_a_report(world, window, hands, gp):
    world.documents[NORA.ins.matricule] = [sample(NORA, DocumentKind.LAB_RESULT, "Bilan", "x")]
    read_first(hands, window)
    hands.press("Ctrl+N")
    assert window.page is Page.DOSSIER
    assert hands.find("viewer.renew").isHidden()


def test_changes_since_the_version_before(world, window, hands, gp):
    old_entry, old = prescribed(LINES[:1])
    old_entry = replace(old_entry, availability=Availability.DEPRECATED)
    former = ReplacedVersion(old_entry.unique_id, old_entry.entry_uuid)
    stronger = (replace(LINES[0], posology=parse("2 cp 3/j 5 j")),)
    new_entry, new = prescribed(stronger, version=2, replaces=former, unique_id="2.25.777")
    world.documents[NORA.ins.matricule] = [(new_entry, new), (old_entry, old)]
    world.registry.edges.append(Association(AssociationType.REPLACE, new_entry.entry_uuid, old_entry.entry_uuid))
    read_first(hands, window)
    hands.press("Ctrl+J")
    shown = hands.find("viewer.changes").toPlainText()
    assert "[− 1][+ 2]" in shown
    assert "1 section modifiée" in shown
    assert hands.focus() == "viewer.changes"


def test_first_version_has_nothing_to_be_compared_with(world, window, hands, gp):
    world.documents[NORA.ins.matricule] = [prescribed()]
    read_first(hands, window)
    hands.press("Ctrl+J")
    assert "pas de version précédente" in window.pages.dossier.viewer.notice.text
