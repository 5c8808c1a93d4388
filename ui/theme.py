"""Colours, sizes and the style sheet: one accent, red for emergency alone, light and dark, text from 100 to 200 %.

Every text colour has a contrast of at least 4.5 on every surface it is drawn on (``TEXT_PAIRS``, checked by the tests).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

GRID = 8
BODY = 14
HEADING = 19
SCALES = (100, 125, 150, 175, 200)
TEXT_PAIRS = (
    ("text", "window"),
    ("text", "surface"),
    ("text", "soft"),
    ("muted", "window"),
    ("muted", "surface"),
    ("muted", "soft"),
    ("accent", "window"),
    ("accent", "surface"),
    ("accent", "soft"),
    ("on_accent", "accent"),
    ("on_emergency", "emergency"),
    ("emergency_text", "surface"),
    ("emergency_text", "window"),
)


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme; all values but ``name`` are ``#rrggbb``."""

    window: str
    surface: str
    soft: str
    text: str
    muted: str
    line: str
    edge: str
    accent: str
    on_accent: str
    emergency: str
    on_emergency: str
    emergency_text: str
    name: str


LIGHT = Colours(
    window="#f3f6f7",
    surface="#ffffff",
    soft="#e4eff2",
    text="#17232b",
    muted="#4c5c67",
    line="#d5dde1",
    edge="#7b8993",
    accent="#0b5f75",
    on_accent="#ffffff",
    emergency="#b3121d",
    on_emergency="#ffffff",
    emergency_text="#b3121d",
    name="light",
)
DARK = Colours(
    window="#12181c",
    surface="#1b2328",
    soft="#22343b",
    text="#e9eff2",
    muted="#a9b7c0",
    line="#34424b",
    edge="#7d8d98",
    accent="#7fcbe0",
    on_accent="#08222b",
    emergency="#b3121d",
    on_emergency="#ffffff",
    emergency_text="#ff9a9a",
    name="dark",
)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2)."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def system_is_dark() -> bool:
    """Whether the system asks for a dark theme."""
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def colours(choice: str) -> Colours:
    """The theme for "light", "dark" or anything else (the system's)."""
    dark = system_is_dark() if choice not in ("light", "dark") else choice == "dark"
    return DARK if dark else LIGHT


def apply(app: QApplication, choice: str, percent: int) -> Colours:
    """Dress the whole application; ``percent`` scales every text."""
    theme = colours(choice)
    sheet = _sheet(theme, percent)
    if app.styleSheet() == sheet:
        return theme
    app.setStyleSheet("")  # each change below is four times as quick on bare widgets as on dressed ones
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    font = QFont(app.font())
    font.setPixelSize(_pixels(BODY, percent))
    app.setFont(font)
    app.setStyleSheet(sheet)
    return theme


def _pixels(size: int, percent: int) -> int:
    return round(size * percent / 100)


def _palette(theme: Colours) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.surface,
        QPalette.ColorRole.AlternateBase: theme.soft,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.surface,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.ToolTipBase: theme.surface,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.Mid: theme.edge,
    }
    palette = QPalette()
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return palette


def _sheet(t: Colours, percent: int) -> str:
    icons = (Path(__file__).parent / "icons").as_posix()
    box = _pixels(BODY, percent)
    return f"""
QWidget {{ font-size: {_pixels(BODY, percent)}px; }}
QLabel[role="heading"] {{ font-size: {_pixels(HEADING, percent)}px; font-weight: 600; }}
QLabel[role="strong"], QPushButton[role="primary"], QLabel[role="error"] {{ font-weight: 600; }}
QLabel[role="muted"] {{ color: {t.muted}; }}
QFrame[role="surface"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 6px; }}
QFrame[role="bar"] {{ background: {t.surface}; border: 0; border-bottom: 1px solid {t.line}; }}
QFrame[role="footer"] {{ background: {t.surface}; border: 0; border-top: 1px solid {t.line}; }}
QFrame[role="notice"] {{ background: {t.soft}; border: 0; border-left: 4px solid {t.accent}; border-radius: 2px; }}
QFrame[role="emergency"] {{ background: {t.emergency}; border: 0; }}
QFrame[role="emergency"] QLabel {{ color: {t.on_emergency}; font-weight: 600; }}
QLabel[role="emergency"] {{ color: {t.emergency_text}; font-weight: 600; }}
QLabel[role="error"] {{ border: 0; border-left: 3px solid {t.text}; padding-left: {GRID}px; }}
QLabel[role="quote"] {{ background: {t.soft}; border-radius: 4px; padding: {GRID * 2}px; }}
QLabel[role="pill"] {{ background: {t.soft}; color: {t.text}; border-radius: 4px; padding: 2px {GRID}px; }}
QPushButton, QToolButton {{
    background: {t.surface}; color: {t.text}; border: 1px solid {t.edge}; border-radius: 4px;
    padding: {GRID - 2}px {GRID * 2}px; }}
QPushButton:hover, QToolButton:hover {{ background: {t.soft}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.muted}; border-color: {t.line}; background: {t.window}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {t.accent}; padding: {GRID - 3}px {GRID * 2 - 1}px; }}
QPushButton:checked {{ background: {t.soft}; border-color: {t.accent}; font-weight: 600; }}
QPushButton[role="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {t.text}; }}
QPushButton[role="primary"]:disabled {{ background: {t.window}; color: {t.muted}; border-color: {t.line}; }}
QPushButton[role="emergency"] {{
    background: {t.emergency}; color: {t.on_emergency}; border-color: {t.emergency}; font-weight: 600; }}
QPushButton[role="emergency"]:focus {{ border: 2px solid {t.text}; }}
QPushButton[role="emergency"]:disabled {{ background: {t.window}; color: {t.muted}; border-color: {t.line}; }}
QPushButton[role="quiet"], QToolButton[role="quiet"] {{ background: transparent; border-color: transparent;
    color: {t.accent}; padding: {GRID - 4}px {GRID}px; }}
QPushButton[role="quiet"]:focus {{ border: 2px solid {t.accent}; padding: {GRID - 5}px {GRID - 1}px; }}
QPushButton[role="quiet"]:hover {{ background: {t.soft}; }}
QPushButton[role="quiet"]:checked {{ background: {t.soft}; color: {t.text}; font-weight: normal;
    border: 1px solid {t.accent}; padding: {GRID - 5}px {GRID - 1}px; }}
QFrame[role="emergency"] QPushButton {{ background: {t.emergency}; color: {t.on_emergency};
    border: 1px solid {t.on_emergency}; }}
QFrame[role="emergency"] QPushButton:focus {{ border: 2px solid {t.on_emergency}; }}
QLineEdit, QPlainTextEdit, QComboBox {{
    background: {t.surface}; color: {t.text}; border: 1px solid {t.edge}; border-radius: 4px;
    padding: {GRID - 2}px {GRID}px; selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{
    border: 2px solid {t.accent}; padding: {GRID - 3}px {GRID - 1}px; }}
QComboBox QAbstractItemView {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.edge};
    selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QCheckBox, QRadioButton {{ spacing: {GRID}px; padding: 2px; border: 2px solid transparent; border-radius: 4px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {t.accent}; }}
QCheckBox::indicator {{ width: {box}px; height: {box}px; border: 1px solid {t.edge}; border-radius: 3px;
    background: {t.surface}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
    image: url({icons}/check-{t.name}.svg); }}
QRadioButton::indicator {{ width: {box}px; height: {box}px; border: 1px solid {t.edge};
    border-radius: {box // 2 + 1}px; background: {t.surface}; }}
QRadioButton::indicator:checked {{ border-color: {t.accent}; background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5,
    fx: 0.5, fy: 0.5, stop: 0 {t.accent}, stop: 0.55 {t.accent}, stop: 0.62 {t.surface}, stop: 1 {t.surface}); }}
QComboBox::drop-down {{ border: 0; width: {box + GRID * 2}px; }}
QComboBox::down-arrow {{ image: url({icons}/arrow-{t.name}.svg); width: {box}px; height: {box}px; }}
QLabel[role="page"] {{ background: #ffffff; border: 1px solid {t.line}; }}
QTableView, QListWidget {{ background: {t.surface}; border: 2px solid {t.line}; border-radius: 4px;
    gridline-color: {t.line}; outline: 0; }}
QTableView:focus, QListWidget:focus {{ border: 2px solid {t.accent}; }}
QTableView::item, QListWidget::item {{ padding: {GRID // 2}px {GRID}px; }}
QTableView::item:selected, QListWidget::item:selected {{ background: {t.accent}; color: {t.on_accent}; }}
QHeaderView::section {{ background: {t.window}; color: {t.muted}; border: 0; border-bottom: 1px solid {t.line};
    padding: {GRID // 2}px {GRID}px; }}
QTextBrowser {{ background: {t.surface}; border: 0; }}
QScrollArea {{ border: 0; background: transparent; }}
QSplitter::handle {{ background: {t.line}; }}
QTabBar::tab {{ background: transparent; color: {t.muted}; padding: {GRID}px {GRID * 2}px;
    border: 0; border-bottom: 3px solid transparent; }}
QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; font-weight: 600; }}
QTabBar QToolButton {{ padding: 0; }}
QTabBar::tab:focus {{ background: {t.soft}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {t.line}; }}
QToolTip {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.edge}; padding: {GRID // 2}px; }}
"""


def body_is_readable(percent: int) -> bool:
    """True when the application font really has the asked size (a platform without fonts says False)."""
    return QFontInfo(QApplication.font()).pixelSize() >= _pixels(BODY, percent) - 1
