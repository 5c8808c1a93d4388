"""A SoftHSM2 card for each test, a faulty library in front of it, and libraries that are none, compiled here."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from card_reader.pkcs11.card import Pkcs11Card
from card_reader.virtual.personalisation import CpsPersonalisation
from tests.card_reader.pkcs11 import softhsm
from tests.card_reader.pkcs11.softhsm import SoftCard

HERE = Path(__file__).parent
Open = Callable[..., Pkcs11Card]
Compile = Callable[[str], Path]


@pytest.fixture(scope="session")
def made_token(tmp_path_factory: pytest.TempPathFactory, personalisation: CpsPersonalisation) -> Path:
    """The GP's card in a SoftHSM2 token, made once."""
    softhsm.library()
    folder = tmp_path_factory.mktemp("softhsm")
    card = SoftCard(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(card.configuration))
        card.initialise()
        card.write(*softhsm.objects(personalisation))
    return folder / "tokens"


@pytest.fixture
def soft_library(made_token: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """SoftHSM2's library, a fresh copy of the GP's card in it."""
    card = SoftCard(tmp_path / "softhsm")
    shutil.copytree(made_token, card.folder / "tokens", dirs_exist_ok=True)
    monkeypatch.setenv("SOFTHSM2_CONF", str(card.configuration))
    return softhsm.library()


@pytest.fixture
def empty_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftCard:
    """A SoftHSM2 token without any object."""
    softhsm.library()
    card = SoftCard(tmp_path / "softhsm")
    monkeypatch.setenv("SOFTHSM2_CONF", str(card.configuration))
    card.initialise()
    return card


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens cards and closes them after the test."""
    with ExitStack() as stack:

        def open_card(library: Path, reader: str = softhsm.READER, **options: object) -> Pkcs11Card:
            card = Pkcs11Card.open(library, reader, staff_role="SECRETARIAT_MEDICAL", **options)  # type: ignore[arg-type]
            stack.callback(card.close)
            return card

        yield open_card


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compile:
    """Compiles C into a shared library, once each."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    folder = tmp_path_factory.mktemp("libraries")

    def build(source: str) -> Path:
        target = folder / f"lib{len(list(folder.iterdir()))}.so"
        words = [compiler, "-shared", "-fPIC", "-x", "c", "-o", str(target), "-", "-ldl"]
        subprocess.run(words, input=source.encode(), check=True, capture_output=True)
        return target

    return build


@pytest.fixture(scope="session")
def shim(compiled: Compile) -> Path:
    """The library in front of another, see shim.c."""
    return compiled((HERE / "shim.c").read_text())


class Faults:
    """What the shim does wrong from now on, and how often C_Login was called."""

    def __init__(self, folder: Path) -> None:
        self.order, self._logins = folder / "fault", folder / "logins"
        self.environment = {"SHIM_FAULT": str(self.order), "SHIM_LOGINS": str(self._logins)}
        self.heal()

    def arm(self, order: str) -> None:
        self.order.write_text(order)

    def heal(self) -> None:
        self.order.write_text("")

    @property
    def logins(self) -> int:
        return self._logins.stat().st_size if self._logins.exists() else 0


@pytest.fixture
def faults(tmp_path: Path, soft_library: Path, monkeypatch: pytest.MonkeyPatch) -> Faults:
    """The hand on the shim, which leads to the GP's SoftHSM2 card."""
    faults = Faults(tmp_path)
    for name, value in (faults.environment | {"SHIM_TARGET": str(soft_library)}).items():
        monkeypatch.setenv(name, value)
    return faults
