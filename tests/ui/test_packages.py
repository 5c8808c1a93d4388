"""Packages by the keyboard: written from the list, read beside it, of this patient or not at all."""

from dataclasses import replace
from hashlib import sha1

import pytest
from PySide6.QtWidgets import QLabel

from connectors.xdm.importing import open_package
from connectors.xdm.packager import XdmPackager
from demonstration.people import NORA, SOLO
from praticien.documents.model import DocumentKind
from tests.ui.fakes import OID, sample
from ui.pages import Page


@pytest.fixture
def chosen():
    """What the dialogs answer."""
    return {"export": None, "package": None}


@pytest.fixture
def given(world, chosen):
    return world.dependencies(
        packager=XdmPackager(OID, "Praticien"),
        choose_export=lambda: chosen["export"],
        choose_package=lambda: chosen["package"],
    )


@pytest.fixture
def listed(world, window, hands, gp):
    world.documents[NORA.ins.matricule] = [
        sample(NORA, DocumentKind.LAB_RESULT, "Bilan", "Glycémie 0,92 g/L"),
        sample(NORA, DocumentKind.IMAGING_REPORT, "Radio", "Normale"),
    ]
    search(hands, NORA)
    hands.press("Home")


def search(hands, seed):
    hands.press("F2")
    hands.search(seed)
    hands.press("Ctrl+I")


def test_one_document_then_all_that_are_listed(window, hands, listed, chosen, tmp_path):
    chosen["export"] = tmp_path / "un.zip"
    hands.press("Ctrl+S")
    assert "n’est pas chiffré" in window.notice.text
    assert [packed.entry.title for packed in open_package(chosen["export"].read_bytes())] == ["Bilan"]
    chosen["export"] = tmp_path / "tous.zip"
    hands.press("Ctrl+Shift+S")
    assert len(open_package(chosen["export"].read_bytes())) == 2
    assert sorted(path.name for path in tmp_path.glob("*.zip")) == ["tous.zip", "un.zip"]


def test_giving_up_the_dialog_writes_nothing(window, hands, listed, world):
    before = len(world.dmp.calls)
    hands.press("Ctrl+S", "Ctrl+Shift+P")
    assert len(world.dmp.calls) == before
    assert window.page is Page.DOSSIER


def test_a_place_that_cannot_be_written(window, hands, listed, chosen, tmp_path):
    chosen["export"] = tmp_path / "absent" / "x.zip"
    hands.press("Ctrl+S")
    assert "ne peut pas être écrit" in window.notice.text


def test_package_of_this_patient_is_read_and_forgotten(window, hands, listed, chosen, tmp_path):
    chosen["export"] = chosen["package"] = tmp_path / "x.zip"
    hands.press("Ctrl+Shift+S", "Ctrl+Shift+P")
    assert window.page is Page.PACKAGE
    assert window.pages.package.titles == ("Bilan", "Radio")
    assert hands.focus() == "package.list"
    assert "TESTMED" in window.pages.package.viewer.text
    hands.press("Esc")
    assert window.page is Page.DOSSIER
    search(hands, SOLO)
    assert window.pages.package.titles == ()
    assert window.pages.package.viewer.text == ""


@pytest.mark.usefixtures("listed")
def test_a_document_that_departs_from_the_rules_is_shown_with_a_word(window, hands, world, chosen, tmp_path):
    said = window.pages.package.findChild(QLabel, "package.departures")
    (entry, content), other = world.documents[NORA.ins.matricule]
    bent = content.replace(b'code="FR"', b'code="BE"')
    entry = replace(entry, hash=sha1(bent, usedforsecurity=False).hexdigest(), size=len(bent))
    world.documents[NORA.ins.matricule] = [(entry, bent), other]
    chosen["export"] = chosen["package"] = tmp_path / "x.zip"
    search(hands, NORA)
    hands.press("Ctrl+Shift+S", "Ctrl+Shift+P")
    assert "s’écarte en 1 point des règles" in said.text()
    assert "header.identification" in said.toolTip()
    hands.press("Down")
    assert said.isHidden()


def test_package_of_another_patient_is_refused(window, hands, listed, chosen, tmp_path):
    chosen["export"] = chosen["package"] = tmp_path / "x.zip"
    hands.press("Ctrl+Shift+S")
    search(hands, SOLO)
    hands.press("Ctrl+Shift+P")
    assert "un autre patient" in window.notice.text
    assert window.page is Page.DOSSIER


def test_what_is_no_package(window, hands, listed, chosen, tmp_path):
    chosen["package"] = tmp_path / "x.zip"
    chosen["package"].write_bytes(b"PK\x03\x04 rien")
    hands.press("Ctrl+Shift+P")
    assert "n’est pas un paquet" in window.notice.text


def test_no_patient_no_package(window, hands, gp):
    hands.press("Ctrl+Shift+P")
    assert "Ouvrez d’abord le patient" in window.notice.text
