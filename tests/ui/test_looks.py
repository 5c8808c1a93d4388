"""Contrast, sizes, French typography, names for screen readers."""

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
)

from demonstration.people import NORA
from praticien.documents.model import DocumentKind
from tests.ui.fakes import sample
from ui import theme

UI = Path(theme.__file__).parent


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("pair", theme.TEXT_PAIRS)
def test_contrast(name, pair):
    colours = theme.colours(name)
    assert theme.contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
def test_edges_of_fields_can_be_seen(name):
    colours = theme.colours(name)
    assert theme.contrast(colours.edge, colours.surface) >= 3


def test_known_contrasts():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#777777") == pytest.approx(1)


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_window_fits_a_small_screen_at_every_size(world, window, hands, gp, percent):
    world.settings.set("text_percent", str(percent))
    window.dress()
    window.resize(1280, 800)
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return", "Ctrl+I", "F6")
    QApplication.processEvents()
    assert theme.body_is_readable(percent)
    assert window.minimumSizeHint().width() <= 1280
    assert (window.width(), window.height()) == (1280, 800)
    traits = hands.find("patient_banner.traits")
    assert traits.height() >= traits.heightForWidth(traits.width())


@pytest.mark.parametrize("percent", theme.SCALES)
def test_the_list_has_room_at_every_size(world, window, hands, gp, percent):
    """Two documents at least are in sight, and nothing above them is cut off."""
    world.documents[NORA.ins.matricule] = [
        sample(NORA, DocumentKind.PRESCRIPTION, f"Ordonnance {number}", "Texte") for number in range(5)
    ]
    world.settings.set("text_percent", str(percent))
    window.dress()
    window.resize(1280, 800)
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return", "Ctrl+I")
    table = hands.find("documents.table")
    assert table.viewport().height() >= 2 * table.verticalHeader().defaultSectionSize()
    hands.press("Ctrl+E")
    QApplication.processEvents()
    for button in hands.find("documents").findChildren(QPushButton):
        if button.isVisible():
            assert button.height() >= button.sizeHint().height()
            assert button.parentWidget().rect().contains(button.geometry())


def test_text_size_and_theme_follow_the_keys(world, window, hands):
    hands.press("Ctrl++", "Ctrl++")
    assert world.settings.get("text_percent") == "150"
    hands.press("Ctrl+-")
    assert world.settings.get("text_percent") == "125"
    hands.press("Ctrl+0", "F11")
    assert world.settings.get("text_percent") == "100"
    assert world.settings.get("theme") == "light"
    hands.press("F11")
    assert theme.DARK.window in QApplication.instance().styleSheet()
    hands.press("F11")


def said(path: Path) -> list[str]:
    """Arguments of every ``tr`` in a module."""
    tree = ast.parse(path.read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    texts = [c.args[0] for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "tr" and c.args]
    return [t.value for t in texts if isinstance(t, ast.Constant)]


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda p: p.relative_to(UI).as_posix())
def test_french_typography(path):
    for text in said(path):
        assert "'" not in text
        assert "..." not in text
        assert not re.search(r"\w [:;?!»]|« ", text), text


def test_every_control_has_a_name(window):
    unnamed = [
        widget.objectName() or type(widget).__name__
        for kind in (QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView)
        for widget in window.findChildren(kind)
        if not widget.accessibleName()
        and not isinstance(widget.parent(), QComboBox)
        and widget.focusPolicy()
        and type(widget).__name__ != "QListView"  # what a combo box unrolls
    ]
    assert unnamed == []
    silent = [b.objectName() for b in window.findChildren(QAbstractButton) if b.isVisible() and not b.text()]
    assert silent == []
