"""Properties, my patients and the authorisation sheet: the real window, cards and server."""

from __future__ import annotations

from demonstration.people import GP, NORA
from tests.end_to_end.bench import CONTROL, Bench, Key
from ui.pages import Page


def act(bench: Bench, name: str, *boxes: str) -> None:
    """From the list to the end of one act on the first document, by the sheet's own buttons."""
    bench.press(Key.Key_P, CONTROL)
    bench.hand.wait("les propriétés", lambda: bench.window.page is Page.PROPERTIES)
    bench.hand.click(f"properties.act.{name}")
    for box in boxes:
        bench.hand.find(box).setFocus()
        bench.press(Key.Key_Space)
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait("la liste", lambda: bench.window.page is Page.DOSSIER)
    bench.rest()


def first_states(bench: Bench) -> str:
    return bench.window.pages.dossier.documents.model.lines(0)[2]


def deposit(bench: Bench, title: str) -> None:
    bench.write_prescription("Paracétamol 1 g.", title)
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait("le dépôt", lambda: title in bench.titles)
    bench.rest()
    bench.window.pages.dossier.documents.take_focus()
    bench.press(Key.Key_Home, CONTROL)


def test_the_life_of_a_document(bench: Bench) -> None:
    bench.arrive()
    bench.open(NORA)
    deposit(bench, "Ordonnance à suivre")
    assert bench.titles[0] == "Ordonnance à suivre"
    act(bench, "mask")
    assert "masqué aux professionnels" in first_states(bench)
    act(bench, "unmask")
    assert "masqué aux professionnels" not in first_states(bench)
    act(bench, "archive")
    assert "Ordonnance à suivre" not in bench.titles
    bench.hand.click("notice.act")
    bench.hand.wait("les archivés", lambda: bench.titles[0] == "Ordonnance à suivre")
    bench.rest()
    bench.window.pages.dossier.documents.take_focus()
    bench.press(Key.Key_Home, CONTROL)
    act(bench, "unarchive")
    assert "archivé" not in first_states(bench)
    act(bench, "delete", "properties.confirmation.box1")
    assert "Ordonnance à suivre" not in bench.titles


def test_a_new_version_takes_the_place_of_the_one_before(bench: Bench) -> None:
    bench.arrive()
    bench.open(NORA)
    deposit(bench, "Ordonnance à corriger")
    bench.press(Key.Key_P, CONTROL)
    bench.hand.wait_for_text("Aucune autre version")
    bench.hand.click("properties.act.replace")
    bench.hand.wait("le formulaire", lambda: bench.window.page is Page.DEPOSIT)
    bench.hand.fill("deposit.title", "Ordonnance corrigée")
    bench.hand.fill("deposit.text", "Paracétamol 500 mg.")
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait("la version", lambda: "Ordonnance corrigée" in bench.titles)
    bench.rest()
    assert "Ordonnance à corriger" not in bench.titles
    bench.window.pages.dossier.documents.take_focus()
    bench.press(Key.Key_Home, CONTROL)
    bench.press(Key.Key_P, CONTROL)
    bench.hand.wait_for_text("Ordonnance à corriger", "properties.other")
    assert "remplacé" in bench.hand.read("properties.other")
    bench.hand.click("properties.other")
    bench.hand.wait("le document", lambda: bench.window.pages.dossier.viewer.pages.is_drawn)
    assert bench.window.pages.dossier.viewer.title == "Ordonnance à corriger"


def test_my_patients_and_how_i_stand(bench: Bench) -> None:
    bench.arrive()
    bench.press(Key.Key_M, CONTROL)
    bench.hand.wait("mes patients", lambda: bench.window.pages.my_patients.rows)
    name = f"{NORA.traits.birth_name} {NORA.traits.first_name}"
    bench.hand.fill("my_patients.search", name)
    assert len(bench.window.pages.my_patients.rows) == 1
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Return)
    bench.hand.wait_for_text(NORA.traits.birth_name, "patient_banner.name")
    bench.press(Key.Key_I, CONTROL)
    bench.hand.wait("la liste", lambda: bench.titles)
    bench.press(Key.Key_G, CONTROL)
    bench.hand.wait_for_text(GP.family_name, "authorisation.holders")
    bench.hand.wait_for_text("rattaché à Mon espace santé", "authorisation.data")
    assert "médecin traitant" in bench.hand.read("authorisation.standing")
    assert not bench.hand.find("authorisation.act.close").isEnabled()
