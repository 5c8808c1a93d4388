"""An act failed: its sentence goes where the act was made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.emergency.conduct import ACTS as EMERGENCY_ACTS
from ui.emergency.conduct import EmergencyConduct
from ui.messages import Message, sentence
from ui.regulation.conduct import ACTS as REGULATION_ACTS
from ui.regulation.conduct import RegulationConduct
from ui.stewardship import Stewardship
from ui.vitale_conduct import VitaleConduct

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_CARD_LOST_PIN = ("pin.needed", "card.reset_by_other")


class Failing(QObject):
    """``refresh`` tries once more to read the dossier."""

    def __init__(
        self,
        window: MainWindow,
        stewardship: Stewardship,
        emergency: EmergencyConduct,
        *,
        regulation: RegulationConduct,
        vitale: VitaleConduct,
        refresh: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window, self._stewardship, self._refresh = window, stewardship, refresh
        pages = window.pages
        self._by_error: dict[str, Callable[[BaseException], object]] = {
            "beneficiary": pages.beneficiaries.refused,
            "traits": pages.patient_form.refused,
            **dict.fromkeys(REGULATION_ACTS, regulation.failed),
        }
        self._by_message: dict[str, Callable[[Message], object]] = {
            "vitale": vitale.unread,
            "consent": pages.dossier.consent.refused,
            "document": pages.dossier.viewer.notice.say,
            **{act: partial(emergency.failed, act) for act in EMERGENCY_ACTS},
        }
        window.flow.failed.connect(self._failed)

    def _failed(self, act: str, error: BaseException) -> None:
        if getattr(error, "code", "") in _CARD_LOST_PIN:
            self._window.notice.say(sentence(error), self.tr("Saisir le code"), self._window.session.lock)
        elif self._stewardship.failed(act, error):
            pass
        elif act in self._by_error:
            self._by_error[act](error)
        elif act in self._by_message:
            self._by_message[act](sentence(error))
        else:
            retry = self.tr("Réessayer (F5)") if act in ("look", "list") else ""
            self._window.notice.say(sentence(error), retry, self._refresh)
