"""A document deposited from this desk is taken out of the dossier again: from its line among the deliveries.

The one way for staff, whose card shows no list (matrix, TD3.1b and TD3.3c of a CPE: its structure's documents).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.identity import IdentityStatus
from praticien.outbox import Delivery
from praticien.practice import Practice
from ui.messages import Message, for_code

if TYPE_CHECKING:
    from ui.main_window import MainWindow

ACT = "withdraw_deposited"


class Withdrawing(QObject):
    """Follows both panels of deliveries."""

    def __init__(self, window: MainWindow, practice: Practice) -> None:
        super().__init__(window)
        self._window, self._practice = window, practice
        for panel in (window.pages.outbox, window.pages.work_list.outbox):
            panel.withdrawn.connect(self._withdraw)

    def _withdraw(self, delivery: Delivery) -> None:
        refusal = self._refusal(delivery)
        if refusal:
            self._window.notice.say(refusal)
            return
        work = partial(self._practice.withdraw_deposited, delivery.document_ids, turn=self._practice.turn)
        doing = self.tr("Suppression demandée au DMP…")
        self._window.flow.run(ACT, work, doing, lambda _none: self._withdrawn(delivery))

    def _refusal(self, delivery: Delivery) -> Message | None:
        """The DMP wants the patient's matricule, which the line does not keep."""
        case, summary = self._practice.case, delivery.summary
        known = self._window.outgoing.patient_of(delivery)
        if case is None or (known is not None and known != case.patient.ins):
            whose = summary.patient_label if summary else ""
            text = self.tr("Ce document est dans le dossier de {patient}, qui n’est pas ouvert.").format(patient=whose)
            return Message(text, self.tr("Ouvrez ce patient (F2), puis supprimez."))
        return None if case.patient.status is IdentityStatus.QUALIFIED else for_code("ins.unqualified")

    def _withdrawn(self, delivery: Delivery) -> None:
        outgoing, flow = self._window.outgoing, self._window.flow
        for unique_id in delivery.document_ids:
            outgoing.forget(unique_id)
        outgoing.discard(delivery)
        title = delivery.summary.title if delivery.summary else ""
        self._window.notice.say(self.tr("« {title} » est supprimé du dossier.").format(title=title))
        if flow.listed:
            flow.list_documents()
