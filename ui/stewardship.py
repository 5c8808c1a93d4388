"""What happens when one changes a document's properties, an authorisation or a dossier's data, or lists one's patients.

Acts go through the patient's flow, one at a time; what is only read beside them has tasks of its own, whose answers are
dropped when the patient changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.administrative import AdministrativeData
from praticien.document_acts import DocumentAct
from praticien.documents.document_types import kind_of
from praticien.dossier_acts import DossierAct
from praticien.errors import PatientChanged
from praticien.habilitations import AuthorisedDossier
from praticien.metadata import Availability, DocumentEntry
from praticien.practice import Practice, PriorVersion
from ui.act_words import DOCUMENT_WORDS, DOSSIER_WORDS
from ui.document_words import kind_words
from ui.messages import sentence
from ui.pages import Page
from ui.text import date_text

if TYPE_CHECKING:
    from ui.depositing import Depositing
    from ui.main_window import MainWindow

DOCUMENT, DOSSIER, CORRECTION = "properties", "authorisation", "administrative"


class Stewardship(QObject):
    """Every public method is an act of the user, or an answer to ``Conductor``."""

    def __init__(
        self,
        window: MainWindow,
        practice: Practice,
        depositing: Depositing,
        home: Callable[[], None],
        leave_page: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._home, self._leave_page = home, leave_page
        self._window, self._practice, self._depositing = window, practice, depositing
        self._pages, self._flow, self._tasks = window.pages, window.flow, window.tasks
        pages = self._pages
        pages.properties.confirmed.connect(self._change)
        pages.properties.opened.connect(self._open)
        pages.authorisation.confirmed.connect(self._revise)
        pages.authorisation.corrected.connect(self._correct)
        pages.my_patients.chosen.connect(self._take)
        documents = pages.dossier.documents
        documents.properties_asked.connect(self.show_properties)
        documents.states.asked.connect(self._list)
        window.banner.authorisation_asked.connect(self.show_authorisation)
        for page in (pages.properties, pages.authorisation, pages.my_patients):
            page.left.connect(self._home)

    # -- acts of the user ------------------------------------------------------------------------------------

    def show_properties(self) -> None:
        """Ctrl+P: of the document under the cursor."""
        documents, page = self._pages.dossier.documents, self._pages.current
        entry = documents.selected
        if entry is None or page is not Page.DOSSIER or self._pages.dossier.view != "documents":
            return
        self._window.notice.clear()
        self._pages.properties.show_entry(entry, self._practice.act_verdicts(entry))
        self._pages.go(Page.PROPERTIES)
        self._ask(
            partial(self._practice.relations, entry, turn=self._practice.turn),
            self.tr("Recherche des documents liés…"),
            lambda found: self._pages.properties.show_relations(found) if self._shows(entry) else None,
            self._pages.properties.say_relations,
        )

    def show_authorisation(self) -> None:
        """Ctrl+G: how one stands towards the open dossier."""
        case, verdicts = self._flow.case, self._practice.dossier_verdicts()
        if case is None or case.status is None or not verdicts:
            self._window.notice.say(self.tr("L’autorisation se gère une fois le dossier du patient recherché."))
            return
        self._leave_page()
        page, status, turn = self._pages.authorisation, case.status, self._practice.turn
        page.show_status(status, verdicts)
        self._pages.go(Page.AUTHORISATION)
        me = self._practice.holder.professional.national_id if self._practice.holder else ""
        self._ask(
            partial(self._practice.holders, turn=turn),
            self.tr("Lecture des autorisations…"),
            lambda found: page.show_holders(found, me, status),
            page.say_holders,
        )
        self._ask(
            partial(self._practice.administrative_data, turn=turn),
            self.tr("Lecture des données administratives…"),
            page.show_data,
            page.say_data,
        )

    def show_my_patients(self) -> None:
        """Ctrl+M."""
        holder = self._practice.holder
        if not self._practice.is_unlocked or holder is None:
            return
        self._leave_page()
        page = self._pages.my_patients
        page.wait(staff=not holder.professional.profession)
        self._pages.go(Page.MY_PATIENTS)
        task = self._tasks.start(self._practice.my_dossiers, self.tr("Lecture de la liste de vos patients…"))
        task.on_success(lambda found: page.show_dossiers(found) if self._pages.current is Page.MY_PATIENTS else None)
        task.on_failure(lambda error: page.refused(sentence(error)))

    def back(self) -> bool:
        """Esc: from a confirmation or a form to its sheet. False when there is none."""
        properties, authorisation = self._pages.properties, self._pages.authorisation
        if self._pages.current is Page.PROPERTIES and properties.is_confirming:
            properties.back()
        elif self._pages.current is Page.AUTHORISATION and authorisation.is_deep:
            authorisation.back()
        else:
            return False
        return True

    # -- answers ---------------------------------------------------------------------------------------------

    def failed(self, act: str, error: BaseException) -> bool:
        """Say why where the act was made; False when the act is none of these."""
        if act == DOCUMENT:
            self._pages.properties.refused(sentence(error))
        elif act in (DOSSIER, CORRECTION):
            self._pages.authorisation.refused(sentence(error))
        return act in (DOCUMENT, DOSSIER, CORRECTION)

    def forget(self) -> None:
        """Nobody is open any more: nothing of them stays."""
        self._pages.properties.forget()
        self._pages.authorisation.forget()

    def _ask(self, work, doing, show, say) -> None:
        """Read something beside the acts; a failure is told in its place."""
        turn = self._practice.turn

        def failed(error: BaseException) -> None:
            if turn == self._practice.turn and not isinstance(error, PatientChanged):
                say(sentence(error).whole)

        task = self._tasks.start(work, doing)
        task.on_success(lambda found: show(found) if turn == self._practice.turn else None)
        task.on_failure(failed)

    def _shows(self, entry: DocumentEntry) -> bool:
        shown = self._pages.properties.entry
        return shown is not None and shown.unique_id == entry.unique_id

    def _list(self, statuses: tuple[Availability, ...]) -> None:
        self._flow.statuses = statuses
        self._flow.list_documents()

    def _open(self, entry: DocumentEntry) -> None:
        self._home()
        self._pages.dossier.documents.opened.emit(entry)

    def _change(self, act: DocumentAct, entry: DocumentEntry) -> None:
        turn = self._practice.turn
        if act is DocumentAct.REPLACE:
            prior = partial(self._practice.prior_version, entry, turn=turn)
            doing = self.tr("Lecture de la version à remplacer…")
            self._flow.run(DOCUMENT, prior, doing, lambda found: self._replace(entry, found))
        else:
            work = partial(self._practice.change_document, act, entry, turn=turn)
            doing = self.tr("Changement demandé au DMP…")
            self._flow.run(DOCUMENT, work, doing, lambda _none: self._changed(act, entry))

    def _changed(self, act: DocumentAct, entry: DocumentEntry) -> None:
        self._home()
        if act is DocumentAct.DELETE:
            self._window.outgoing.forget(entry.unique_id)
        said = DOCUMENT_WORDS[act].done.format(title=entry.title or kind_words(entry))
        states = self._pages.dossier.documents.states
        if act is DocumentAct.ARCHIVE and Availability.ARCHIVED not in states.statuses:
            show = partial(states.want, Availability.ARCHIVED)
            self._window.notice.say(said, self.tr("Afficher les archivés"), show)
        else:
            self._window.notice.say(said)
        self._flow.list_documents()

    def _replace(self, entry: DocumentEntry, prior: PriorVersion) -> None:
        kind = kind_of(entry)
        if kind:
            self._depositing.open_replacement(kind, entry, prior)

    def _revise(self, act: DossierAct) -> None:
        turn = self._practice.turn
        if act is DossierAct.CLOSE:
            work = partial(self._practice.close_dossier, turn=turn)
        else:
            work = partial(self._practice.revise_authorisation, act, turn=turn)
        self._flow.run(DOSSIER, work, self.tr("Changement demandé au DMP…"), lambda _case: self._revised(act))

    def _revised(self, act: DossierAct) -> None:
        self._home()
        self._flow.status_changed()
        self._window.notice.say(DOSSIER_WORDS[act].done)

    def _correct(self, data: AdministrativeData) -> None:
        work = partial(self._practice.correct_data, data, turn=self._practice.turn)
        self._flow.run(CORRECTION, work, self.tr("Enregistrement demandé au DMP…"), self._corrected)

    def _corrected(self, data: AdministrativeData) -> None:
        page = self._pages.authorisation
        page.back()
        page.show_data(data)
        self._window.notice.say(DOSSIER_WORDS[DossierAct.CORRECT].done)

    def _take(self, one: AuthorisedDossier) -> None:
        """Looked for as if typed: INSi gives the identity, its control stays to be done."""
        form = self._pages.patient_form
        form.restore(
            {
                "ins": one.ins.matricule,
                "birth_name": one.birth_name,
                "birth_first_name": one.first_name,
                "birth_date": date_text(one.birth_date),
                "sex": one.sex.value if one.sex else "",
            }
        )
        self._pages.my_patients.forget()
        self._pages.go(Page.PATIENT)
        form.submit()
