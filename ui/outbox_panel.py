"""What is waiting, sent, refused and why; with what one can do about each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from praticien.outbox import Delivery, DeliveryState
from ui.document_words import KIND_WORDS
from ui.flow_row import FlowRow
from ui.messages import for_code
from ui.text import moment_text
from ui.theme import GRID
from ui.widgets import button, column, label

STATE_WORDS = {
    DeliveryState.WAITING: "en attente d’envoi",
    DeliveryState.SENDING: "envoi en cours",
    DeliveryState.UNCERTAIN: "envoi interrompu, sera vérifié au prochain essai",
    DeliveryState.SENDING_AGAIN: "nouvel envoi en cours",
    DeliveryState.SENT: "reçu par le DMP",
    DeliveryState.REFUSED: "refusé",
    DeliveryState.REFUSED_AGAIN: "refusé",
    DeliveryState.DAMAGED: "illisible : le fichier de cet envoi est abîmé",
}


def delivery_words(delivery: Delivery) -> str:
    """Two or three lines: what, whose, where it stands and why."""
    summary = delivery.summary
    title = f"{summary.title} — {summary.patient_label}" if summary else "Envoi illisible"
    moment = delivery.acknowledged_at or delivery.last_try_at or delivery.created_at
    lines = [title, f"{STATE_WORDS[delivery.state]} · {moment_text(moment)}"]
    if summary and summary.title != KIND_WORDS[summary.kind]:
        lines[1] = f"{KIND_WORDS[summary.kind]} · {lines[1]}"
    if delivery.error_code and delivery.state is not DeliveryState.SENT:
        lines.append(for_code(delivery.error_code, delivery.error_rule).whole)
    return "\n".join(lines)


class _Rows(QListWidget):
    """R tries again, Del erases, S takes out of the dossier, E exports the register."""

    retry_pressed = Signal()
    discard_pressed = Signal()
    withdraw_pressed = Signal()
    register_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.discard_pressed.emit()
        elif event.text().lower() == "r":
            self.retry_pressed.emit()
        elif event.text().lower() == "s":
            self.withdraw_pressed.emit()
        elif event.text().lower() == "e":
            self.register_pressed.emit()
        else:
            super().keyPressEvent(event)


class OutboxPanel(QWidget):
    """Emits ``retried(delivery)``, ``discarded(delivery)``, ``withdrawn(delivery)`` (out of the dossier)."""

    retried = Signal(object)
    discarded = Signal(object)
    withdrawn = Signal(object)
    register_asked = Signal()
    left = Signal()

    def __init__(self, name: str, *, with_back: bool) -> None:
        super().__init__()
        self.setObjectName(name)
        self._list = _Rows()
        self._list.setObjectName(f"{name}.list")
        self._list.setAccessibleName(self.tr("Envois"))
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.retry_pressed.connect(self._do_retry)
        self._list.discard_pressed.connect(self._do_discard)
        self._list.withdraw_pressed.connect(self._do_withdraw)
        if with_back:
            self._list.register_pressed.connect(self.register_asked)
        self._list.currentItemChanged.connect(lambda _now, _before: self._allow())
        self._empty = label(self.tr("Aucun envoi pour l’instant : les documents déposés apparaîtront ici."), "muted")
        self._retry = button(self.tr("Réessayer (R)"), self._do_retry, "", f"{name}.retry")
        self._discard = button(self.tr("Effacer cette ligne (Suppr)"), self._do_discard, "", f"{name}.discard")
        self._withdraw = button(self.tr("Supprimer du dossier (S)"), self._do_withdraw, "", f"{name}.withdraw")
        back = button(self.tr("Retour (Échap)"), self.left.emit, "", f"{name}.back")
        back.setVisible(with_back)
        self._confirm = label("", "error", f"{name}.confirm")
        self._confirm.hide()
        words = self.tr("Exporter le registre des textes relus (E)")
        register = button(words, self.register_asked.emit, "quiet", f"{name}.register")
        register.setVisible(with_back)
        buttons = FlowRow(self._retry, self._discard, self._withdraw, back, register)
        title = label(self.tr("Envois"), "heading")
        box = column(title, self._empty, self._list, self._confirm, buttons, gap=GRID)
        box.addStretch(1)
        box.setStretch(2, 8)
        self.setLayout(box)
        self._shown: tuple[Delivery, ...] | None = None
        self._asked: tuple[str, ...] = ()
        self.show_deliveries(())

    @property
    def rows(self) -> tuple[str, ...]:
        """What the list says."""
        return tuple(self._list.item(i).text() for i in range(self._list.count()))

    def show_deliveries(self, deliveries: tuple[Delivery, ...]) -> None:
        """Fill; the cursor stays on the same delivery."""
        if deliveries == self._shown:
            return
        self._shown = deliveries
        chosen = self._current()
        self._list.clear()
        for delivery in deliveries:
            item = QListWidgetItem(delivery_words(delivery))
            item.setData(Qt.ItemDataRole.UserRole, delivery)
            self._list.addItem(item)
        ids = [d.id for d in deliveries]
        self._list.setCurrentRow(ids.index(chosen.id) if chosen and chosen.id in ids else 0)
        self._empty.setVisible(not deliveries)
        for widget in (self._list, self._retry, self._discard, self._withdraw):
            widget.setVisible(bool(deliveries))
        self._allow()

    def take_focus(self) -> None:
        """The list."""
        self._list.setFocus()

    def _current(self) -> Delivery | None:
        item = self._list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    def _allow(self) -> None:
        delivery = self._current()
        self._asked = ()
        self._confirm.hide()
        self._withdraw.setEnabled(bool(delivery and delivery.state is DeliveryState.SENT))
        self._retry.setEnabled(bool(delivery and (delivery.state.is_refused or delivery.state.is_waiting)))
        self._discard.setEnabled(bool(delivery and not delivery.state.is_sending))

    def _do_retry(self) -> None:
        delivery = self._current()
        if delivery and self._retry.isEnabled():
            self.retried.emit(delivery)

    def _do_discard(self) -> None:
        """A sent line goes at once; what has not arrived is asked twice."""
        delivery = self._current()
        if delivery is None or not self._discard.isEnabled():
            return
        if delivery.state is DeliveryState.SENT or self._asked == ("discard", delivery.id):
            self.discarded.emit(delivery)
            return
        self._ask(
            ("discard", delivery.id),
            self.tr("Ce document n’est pas arrivé au DMP : l’effacer est définitif. Appuyez encore sur Suppr."),
        )

    def _do_withdraw(self) -> None:
        """For good, hence twice."""
        delivery = self._current()
        if delivery is None or not self._withdraw.isEnabled():
            return
        if self._asked == ("withdraw", delivery.id):
            self._asked = ()
            self._confirm.hide()
            self.withdrawn.emit(delivery)
            return
        self._ask(
            ("withdraw", delivery.id),
            self.tr(
                "Définitif : le document disparaîtra du dossier pour tous, patient compris. Pour le supprimer, "
                "appuyez encore sur S."
            ),
        )

    def _ask(self, about: tuple[str, ...], words: str) -> None:
        self._asked = about
        self._confirm.setText(words)
        self._confirm.show()
