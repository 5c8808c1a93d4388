"""Who the patient is (five strict traits), how sure we are of it, and how one may enter the dossier. Always there."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from praticien.access import AccessMode, Authorisation, DossierState, DossierStatus, Verdict
from praticien.identity import IdentityStatus, Patient, Sex
from praticien.practice import Case
from ui.flow_row import FlowRow
from ui.text import age_text, date_text, sex_text
from ui.theme import GRID
from ui.widgets import button, column, label, line

STATUS_WORDS = {
    IdentityStatus.PROVISIONAL: "Identité provisoire",
    IdentityStatus.RETRIEVED: "INS récupérée – identité à contrôler",
    IdentityStatus.VALIDATED: "Identité validée, sans INS",
    IdentityStatus.QUALIFIED: "INS qualifiée – identité contrôlée",
}
AUTHORISATION_WORDS = {
    Authorisation.VALID: "accès autorisé",
    Authorisation.NONE: "accès non autorisé",
    Authorisation.EXPIRED: "autorisation expirée",
    Authorisation.FORBIDDEN: "accès bloqué par le patient",
}


def dossier_words(status: DossierStatus | None) -> str:
    """State of the dossier, authorisation and treating physician, in words."""
    if status is None:
        return "Dossier : pas encore demandé"
    if status.state is DossierState.ABSENT and status.being_created:
        return "Dossier médical partagé en cours de création"
    if status.state is DossierState.ABSENT:
        return "Pas de dossier médical partagé"
    if status.state is DossierState.CLOSED:
        return f"Dossier fermé le {date_text(status.closed_on)}" if status.closed_on else "Dossier fermé"
    treating = "médecin traitant : oui" if status.treating_physician else "médecin traitant : non"
    return f"Dossier ouvert · {AUTHORISATION_WORDS[status.authorisation]} · {treating}"


class PatientBanner(QFrame):
    """Two lines; acts on the right."""

    identity_checked = Signal()
    change_asked = Signal()
    emergency_asked = Signal()
    why_asked = Signal()
    authorisation_asked = Signal()
    secret_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setObjectName("patient_banner")
        self._compact = self._explained = False
        self._said_dossier = ""
        self._said_traits: tuple[tuple[str, ...], tuple[str, ...]] = (), ()
        self._shown_status: IdentityStatus | None = None
        self._name = line("", "heading", "patient_banner.name")
        self._traits = label("", "", "patient_banner.traits")
        self._status = line("", "pill", "patient_banner.status")
        self._dossier = line("", "muted", "patient_banner.dossier")
        self._why = button(self.tr("Pourquoi ?"), self.why_asked.emit, "quiet", "patient_banner.why")
        self._check = button(
            self.tr("Identité contrôlée (Ctrl+I)"), self.identity_checked.emit, "primary", "patient_banner.check"
        )
        self._emergency = button(
            self.tr("Bris de glace (F9)"), self.emergency_asked.emit, "", "patient_banner.emergency"
        )
        self._authorisation = button(
            self.tr("Autorisation (Ctrl+G)"), self.authorisation_asked.emit, "quiet", "patient_banner.authorisation"
        )
        self._secret = button(
            self.tr("Connexion secrète (Ctrl+Maj+I)"), self.secret_asked.emit, "quiet", "patient_banner.secret"
        )
        self._change = button(self.tr("Changer de patient (F2)"), self.change_asked.emit, "", "patient_banner.change")
        first = FlowRow(self._name)
        first.push_right(self._why, self._authorisation, self._secret, self._check, self._emergency, self._change)
        whole = column(first, self._traits, FlowRow(self._status, self._dossier), gap=GRID // 2)
        whole.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        self.setLayout(whole)
        self.show_nobody()

    def set_compact(self, compact: bool) -> None:
        """Fewer words when the text is large: what has a key of its own loses its button, never the traits."""
        self._compact = compact
        for each in (self._why, self._authorisation):
            each.setVisible(not compact and self._explained)
        self._secret.setText(self.tr("Connexion secrète") if compact else self.tr("Connexion secrète (Ctrl+Maj+I)"))
        self._word_change()
        self._word_traits()
        self._word_dossier()
        if self._shown_status:
            self._status.setText(self._status_words(self._shown_status))

    def _word_change(self) -> None:
        one = self._shown_status is not None
        short = self.tr("Changer (F2)") if one else self.tr("Chercher (F2)")
        whole = self.tr("Changer de patient (F2)") if one else self.tr("Chercher un patient (F2)")
        self._change.setText(short if self._compact else whole)

    def _word_dossier(self) -> None:
        """With large text an open dossier goes without saying: its authorisation is said."""
        opened = self.tr("Dossier ouvert · ")
        self._dossier.setText(self._said_dossier.removeprefix(opened) if self._compact else self._said_dossier)

    def _word_traits(self) -> None:
        """All of them; with large text the line leaves to the heading above the names that it says already."""
        names, others = self._said_traits
        self._traits.setText(" · ".join(others if self._compact else (*names, *others)))

    def _status_words(self, status: IdentityStatus) -> str:
        return STATUS_WORDS[status].split(" – ")[0] if self._compact else STATUS_WORDS[status]

    @property
    def words(self) -> str:
        """Everything said, for whoever reads the screen aloud."""
        return self.accessibleName()

    def show_nobody(self) -> None:
        """No patient open."""
        self._name.setText(self.tr("Aucun patient"))
        self._shown_status, self._explained = None, False
        for words in (self._traits, self._status, self._dossier):
            words.clear()
        for widget in (self._traits, self._status, self._dossier, self._why, self._check, self._emergency):
            widget.hide()
        self._authorisation.hide()
        self._secret.hide()
        self._said_traits, self._said_dossier = ((), ()), ""
        self._word_change()
        self.setAccessibleName(self.tr("Aucun patient"))

    def show_case(self, case: Case, verdict: Verdict | None, may_break_glass: bool, today: date) -> None:
        """The open patient; nothing of it is left out for lack of room."""
        patient = case.patient
        self._name.setText(f"{patient.traits.birth_name} {' '.join(patient.traits.birth_first_names)}")
        self._said_traits = self._traits_words(patient, today)
        self._word_traits()
        self._shown_status = patient.status
        self._status.setText(self._status_words(patient.status))
        self._said_dossier = dossier_words(case.status)
        self._word_dossier()
        by_telephone = case.access.mode is AccessMode.REGULATION
        to_check = patient.status in (IdentityStatus.RETRIEVED, IdentityStatus.PROVISIONAL) and not by_telephone
        for widget in (self._traits, self._status):
            widget.show()
        self._dossier.setVisible(not to_check)
        self._explained = verdict is not None
        for each in (self._why, self._authorisation):
            each.setVisible(self._explained and not self._compact)
        self._check.setVisible(to_check)
        self._emergency.setVisible(may_break_glass)
        self._word_change()
        names, others = self._said_traits
        shown = (self._name.text(), *names, *others, self._status.text(), self._said_dossier)
        self.setAccessibleName(" · ".join(shown))

    def propose_secret(self, possible: bool) -> None:
        """Offer a minor's secret connection (EX_0.1-1100)."""
        self._secret.setVisible(possible)

    def _traits_words(self, patient: Patient, today: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names, which the heading says too, and all the rest."""
        traits = patient.traits
        born = self.tr("née le") if traits.sex is Sex.FEMALE else self.tr("né le")
        age = age_text(traits, today)
        names = (
            self.tr("Nom de naissance : {name}").format(name=traits.birth_name),
            self.tr("premier prénom : {name}").format(name=traits.first_name),
        )
        others = [
            self.tr("sexe : {sex}").format(sex=sex_text(traits.sex)),
            f"{born} {date_text(traits.birth_date)}" + (f" ({age})" if age else ""),
            self.tr("lieu de naissance : {place}").format(place=traits.birth_place or self.tr("inconnu")),
        ]
        if patient.used_name and patient.used_name != traits.birth_name:
            others.append(self.tr("nom utilisé : {name}").format(name=patient.used_name))
        return names, tuple(others)
