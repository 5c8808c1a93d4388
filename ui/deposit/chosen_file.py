"""The file of a document: chosen, named, taken away, and a text that must be read again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from praticien.documents.model import AttachedFile, PdfFile
from ui.flow_row import FlowRow
from ui.text import count
from ui.theme import GRID
from ui.widgets import button, column, label


class ChosenFile(QWidget):
    """Emits ``asked`` and ``removed``; the form reads the file."""

    asked = Signal()
    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("deposit.pdf")
        self._file: PdfFile | AttachedFile | None = None
        self._name = label("", "", "deposit.pdf.name")
        self._left_out = label(
            self.tr("Ce qui a été saisi ne partira pas : le fichier seul est déposé. Retirez-le pour y revenir."),
            "",
            "deposit.pdf.left_out",
        )
        self._doubt = label("", "strong", "deposit.pdf.doubt")
        self._error = label("", "error", "deposit.pdf.error")
        self._choose = button("", self.asked.emit, "", "deposit.pdf.choose")
        self._remove = button(self.tr("Retirer le PDF"), self.removed.emit, "quiet", "deposit.pdf.remove")
        self._compared = QCheckBox(self.tr("J’ai relu : c’est bien ce patient"))
        self._compared.setObjectName("deposit.text_compared")
        self._row = QWidget()
        self._row.setLayout(FlowRow(self._choose, self._remove))
        below = column(self._row, self._name, self._left_out, self._doubt, self._error, gap=GRID // 2)
        self.setLayout(column(below, self._compared, gap=GRID * 2))
        self.clear_errors()
        self.hold(None)

    @property
    def file(self) -> PdfFile | AttachedFile | None:
        """The file held."""
        return self._file

    @property
    def pdf(self) -> PdfFile | None:
        """The file held when it is a PDF."""
        return self._file if isinstance(self._file, PdfFile) else None

    @property
    def is_compared(self) -> bool:
        """The user was asked to read the text again, and did."""
        return self._compared.isChecked() and not self._compared.isHidden()

    def offer(self, *, any_file: bool, none: bool) -> None:
        """What can be chosen: a PDF, any file, or none at all."""
        words = self.tr("Choisir un fichier… (Ctrl+O)") if any_file else self.tr("Choisir un PDF… (Ctrl+O)")
        self._choose.setText(words)
        self._remove.setText(self.tr("Retirer le fichier") if any_file else self.tr("Retirer le PDF"))
        self._row.setVisible(not none)

    def hold(self, file: PdfFile | AttachedFile | None) -> None:
        """Show this file; what was read again was another text."""
        self._file = file
        self._compared.setChecked(False)
        self._compared.hide()
        kilobytes = count(max(len(file.content) // 1000, 1), "ko", "ko") if file else ""
        words = self.tr("PDF joint : {name} ({size})") if self.pdf else self.tr("Fichier joint : {name} ({size})")
        self._name.setText(words.format(name=file.name, size=kilobytes) if file else "")
        self._name.setVisible(file is not None)
        self._remove.setVisible(file is not None)
        self.say_doubt("")
        self.say_left_out(typed=False)

    def say_left_out(self, *, typed: bool) -> None:
        """Something was typed that the file stands for now."""
        self._left_out.setVisible(typed and self._file is not None)

    def say_doubt(self, named: str) -> None:
        """The name of the file, or its title, seems to be about ``named``; empty: it is not."""
        words = self.tr("Le nom du fichier ou son titre semble désigner quelqu’un d’autre : « {named} ». Vérifiez-le.")
        self._doubt.setText(words.format(named=named) if named else "")
        self._doubt.setVisible(bool(named))

    def ask_to_compare(self) -> None:
        """The text seems to name somebody else: only the user can say that it is this patient's."""
        self._compared.show()

    def take_focus(self) -> None:
        """To choose one."""
        self._choose.setFocus()

    # -- errors ----------------------------------------------------------------------------------------------

    def show_error(self, place: str, text: str) -> bool:
        """A sentence under the buttons; False when it speaks of something else."""
        if place != "pdf":
            return False
        self._error.setText(text)
        self._error.setVisible(bool(text))
        return True

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        self.show_error("pdf", "")

    def focus_error(self) -> bool:
        """The box to tick when there is one, else the button."""
        if self._error.isHidden():
            return False
        (self._compared if not self._compared.isHidden() else self._choose).setFocus()
        return True

    def error_of(self, place: str) -> str:
        """The sentence shown, empty when none."""
        return self._error.text() if place == "pdf" else ""
