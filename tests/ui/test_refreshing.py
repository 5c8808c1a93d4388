"""F5: what was said of the try before, or shown before a right was withdrawn, does not stand beside what is fresh."""

from demonstration.people import NORA
from praticien.access import Authorisation
from praticien.documents.model import DocumentKind
from tests.ui.fakes import Unreachable, sample


def test_a_failure_leaves_with_the_next_try(world, window, hands, gp):
    hands.search(NORA)
    hands.press("Ctrl+I")
    world.dmp.failing = Unreachable()
    hands.press("F5")
    assert window.notice.text
    hands.press("F5")
    assert window.notice.text
    world.dmp.failing = None
    hands.press("F5")
    assert not window.notice.text or window.notice.isHidden()


def test_a_right_withdrawn_takes_list_and_document_away(world, window, hands, gp):
    held = sample(NORA, DocumentKind.PRESCRIPTION, "Ordonnance fictive", "Repos")
    world.documents[NORA.ins.matricule] = [held]
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return", "Ctrl+I")
    assert window.pages.dossier.documents.titles == ("Ordonnance fictive",)
    hands.press("Return")
    assert held[0].title in window.pages.dossier.viewer.text
    world.dmp.authorised[NORA.ins.matricule] = Authorisation.FORBIDDEN
    hands.press("F5")
    assert window.pages.dossier.view == "state"
    assert window.pages.dossier.documents.titles == ()
    assert held[0].title not in window.pages.dossier.viewer.text
