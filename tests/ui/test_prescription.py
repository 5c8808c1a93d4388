"""A structured prescription typed by the keyboard alone, refused next to its fields, kept, and read back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox

from demonstration.people import NORA
from praticien.documents.cda_model import StructuredBody
from praticien.documents.cda_reader import read
from praticien.documents.prescription import Flag, Substitution
from ui.deposit.prescription_typed import Templates, TypedLine
from ui.pages import Page


@pytest.fixture
def form(world, window, hands, gp):
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return", "Ctrl+I", "F6")
    assert window.page is Page.DEPOSIT
    return window.pages.deposit


def line(hands, name, posology):
    hands.type(name)
    close_completion(hands)
    hands.press("Return")
    hands.type(posology)
    hands.press("Return")


def close_completion(hands):
    """The offscreen platform does not give the window back its activity when a list of proposals closes."""
    popup = QApplication.activePopupWidget()
    if popup:
        popup.hide()
    hands.find("deposit.lines").window().activateWindow()
    QApplication.processEvents()


def choose_first(hands):
    """Down and Enter go to the list of proposals, which is a window of its own."""
    name = hands.find("deposit.lines.0.name")
    popup = name.completer().popup()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    QApplication.processEvents()


def sent(world):
    return world.documents[NORA.ins.matricule][0]


def test_two_drugs_and_a_comment_by_the_keyboard_alone(world, window, hands, form):
    assert hands.focus() == "deposit.lines.0.name"
    line(hands, "Paracétamol 1 g, comprimé", "1 à 2 3/j si douleur 5 j")
    assert "texte libre" in hands.find("deposit.lines.0.reading").text()  # five days of pain, or of treatment?
    line(hands, "Amoxicilline 1 g, comprimé", "1 matin 1 soir 7 j")
    assert (
        hands.find("deposit.lines.1.reading")
        .text()
        .endswith("1 comprimé le matin, 1 comprimé le soir, pendant 7 jours")
    )
    hands.press("Return")
    assert hands.focus() == "deposit.text"
    hands.type("À jeun")
    hands.press("Ctrl+Return")
    assert window.page is Page.DOSSIER
    assert "reçu par le DMP" in window.notice.text

    entry, content = sent(world)
    assert entry.format_code.code == "urn:ihe:pharm:pre:2010"
    body = read(content).body
    assert isinstance(body, StructuredBody)
    assert "Commentaire" in [section.title for section in body.sections]

    window.pages.dossier.documents.take_focus()
    hands.press("Down", "Ctrl+Home", "Return")
    shown = window.pages.dossier.viewer
    assert "1 comprimé le matin, 1 comprimé le soir, pendant 7 jours" in shown.text
    assert shown.pages.page_count == 1  # the copy in PDF


def test_free_text_without_lines_stays_level_1(world, window, hands, form):
    hands.press("Return")
    assert hands.focus() == "deposit.text"
    hands.type("Repos")
    hands.press("Ctrl+Return")
    assert sent(world)[0].format_code.code == "urn:ihe:iti:xds-sd:pdf:2008"


def test_a_name_is_completed_without_accents(window, hands, form):
    hands.type("parac")
    choose_first(hands)
    assert hands.find("deposit.lines.0.name").text() == "Paracétamol 500 mg, comprimé"


def test_a_completed_device_asks_a_quantity(window, hands, form):
    hands.type("bequ")
    choose_first(hands)
    hands.find("deposit.lines.0.posology").setText("2 pendant 30 j")
    (typed,) = form.draft().lines
    assert typed.is_device
    assert typed.reading == "quantité\u00a0: 2, pendant 30 jours"


@pytest.mark.parametrize(
    "typed, focus, words",
    [
        (("Paracétamol", ""), "deposit.lines.0.posology", "posologie manque"),
        (("", "1 matin"), "deposit.lines.0.name", "nom"),
        (("\u6e2c", "1 matin"), "deposit.lines.0.name", "caractère"),
    ],
)
@pytest.mark.usefixtures("form")
def test_a_refusal_sits_next_to_its_line(world, hands, typed, focus, words):
    hands.find("deposit.lines.0.name").setText(typed[0])
    hands.find("deposit.lines.0.posology").setText(typed[1])
    hands.press("Ctrl+Return")
    assert words in hands.find("deposit.lines.0.error").text()
    assert hands.focus() == focus
    assert NORA.ins.matricule not in world.documents
    hands.find("deposit.lines.0.name").setText("Ibuprofène")
    assert hands.find("deposit.lines.0.error").text() == ""


@pytest.mark.parametrize("until", ["", "32/13/2026", "01/01/2020", "01/01/2099"])
def test_a_wrong_validity_is_refused_at_its_field(window, hands, form, until):
    line(hands, "Paracétamol", "1 matin")
    hands.find("deposit.valid_until").setText(until)
    hands.press("Ctrl+Return")
    assert window.page is Page.DEPOSIT
    assert hands.find("deposit.valid_until.error").text()
    assert hands.focus() == "deposit.valid_until"


def test_options_reach_the_document(world, window, hands, form):
    line(hands, "Amiodarone", "1 matin")
    hands.find("deposit.lines.0.options").click()
    hands.find("deposit.lines.0.ald").setChecked(True)
    box = hands.find("deposit.lines.0.substitution")
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(Substitution.NARROW_MARGIN))
    hands.find("deposit.lines.0.renewals").setCurrentIndex(2)
    reading = hands.find("deposit.lines.0.reading").text()
    assert "à renouveler 2 fois" in reading
    assert "ALD" in reading
    assert "MTE" in reading
    hands.press("Ctrl+Return")
    content = sent(world)[1].decode()
    assert "MED-1096" in content
    assert 'repeatNumber value="2"' in content


def test_lines_survive_the_card_and_are_shown_to_nobody_else(world, window, hands, form):
    line(hands, "Paracétamol", "1 matin 5 j")
    hands.find("deposit.lines.0.ald").setChecked(True)
    hands.withdraw(world.desk, "cps-medecin")
    hands.wait()
    assert form.draft().lines == ()
    hands.insert(world.desk, "cps-urgentiste")
    hands.unlock()
    hands.press("1", "Return", "Ctrl+I", "F6")
    assert form.draft().lines == ()
    hands.withdraw(world.desk, "cps-urgentiste")
    hands.wait()
    hands.insert(world.desk, "cps-medecin")
    hands.unlock()
    hands.press("1", "Return", "Ctrl+I", "F6")
    assert form.draft().lines == (TypedLine("Paracétamol", "1 matin 5 j", flags=frozenset({Flag.LONG_TERM_ILLNESS})),)


def test_a_line_is_taken_away(window, hands, form):
    line(hands, "Paracétamol", "1 matin")
    line(hands, "Ibuprofène", "1 soir")
    hands.find("deposit.lines.0.remove").click()
    assert [typed.name for typed in form.draft().lines] == ["Ibuprofène"]


def test_a_template_is_kept_and_used(world, window, hands, form):
    line(hands, "Paracétamol", "1 matin 5 j")
    hands.find("deposit.template.keep").click()
    hands.type("Grippe")
    hands.press("Return")
    assert NORA.traits.birth_name not in world.settings.get("prescription.templates")
    hands.find("deposit.lines.0.remove").click()
    assert form.draft().lines == ()
    choice = hands.find("deposit.templates")
    assert isinstance(choice, QComboBox)
    choice.setFocus()
    hands.press("Down")
    choice.activated.emit(choice.currentIndex())
    assert form.draft().lines == (TypedLine("Paracétamol", "1 matin 5 j"),)


def test_templates_outlive_the_program_and_a_spoiled_file(world):
    kept = (TypedLine("A", "1 matin", flags=frozenset({Flag.PREVENTION})), TypedLine("B", "2", is_device=True))
    Templates(world.settings).keep("Deux", kept)
    assert Templates(world.settings).lines("Deux") == kept
    Templates(world.settings).keep("Deux", ())
    assert Templates(world.settings).names == ()
    world.settings.set("prescription.templates", '{"x": 3}')
    assert Templates(world.settings).names == ()


def test_other_forms_have_no_lines(window, hands, form):
    hands.press("F7")
    assert window.pages.deposit.kind.value == "lab_result"
    assert not hands.find("deposit.lines").isVisible()
    assert not [box for box in window.findChildren(QCheckBox) if box.isVisible() and "ald" in box.objectName()]
