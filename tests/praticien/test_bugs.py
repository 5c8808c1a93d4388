"""What a bug leaves on standard error, in a program of its own: places, and not a word of what it held."""

import signal
import subprocess
import sys

import pytest

SECRET = "TESTEXEMPLE-260666"
FORESEEN = {
    "uncaught": "raise ValueError(name)",
    "chained": """
try:
    raise KeyError(name)
except KeyError as error:
    raise ValueError(name) from error
""",
    "thread": """
import threading
def work(): raise ValueError(name)
one = threading.Thread(target=work, name=name); one.start(); one.join()
raise ValueError
""",
    "unraisable": """
class Held:
    def __del__(self): raise ValueError(name)
one = Held(); del one
raise ValueError
""",
    "logging": """
import logging
logging.error("%d", name)
raise ValueError
""",
    "slot": """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QCoreApplication, QTimer
application = QCoreApplication([])
def slot(): application.quit(); raise ValueError(name)
QTimer.singleShot(0, slot)
application.exec()
raise ValueError
""",
}


def told(code: str) -> subprocess.CompletedProcess:
    program = "import sys\nfrom praticien import bugs\nbugs.install()\nname = sys.argv[1]\n" + code
    return subprocess.run([sys.executable, "-c", program, SECRET], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", FORESEEN)
def test_places_and_no_words(kind):
    done = told(FORESEEN[kind])
    assert "internal error ValueError at <string>:" in done.stderr
    assert SECRET not in done.stderr + done.stdout
    assert done.returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no core files")
def test_no_core_file():
    assert told("import resource; print(resource.getrlimit(resource.RLIMIT_CORE))").stdout == "(0, 0)\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_an_interruption_is_still_one():
    assert told(f"import os; os.kill(os.getpid(), {int(signal.SIGINT)}); input()").returncode == -signal.SIGINT
