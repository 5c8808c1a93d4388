"""The stage of the demonstration: reference server, virtual cards, readers. Set up and taken down in one go."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.virtual.host import CardTableProblem, HostProcess
from connectors.endpoint import DmpEndpoint
from demonstration import cards_command
from demonstration.authority import TestAuthority
from demonstration.card_tables import READERS, InProcessCards, PadKeys, PcscdCards
from demonstration.cards import every_card
from demonstration.child import Child
from demonstration.people import RADIOLOGIST, SAMU
from praticien.emergency import EmergencyRules
from praticien.professional import Professional

if TYPE_CHECKING:
    from praticien.practice import Case

IN_PROCESS = "Démonstration – cartes virtuelles dans le logiciel, sans lecteur PC/SC"
PRIVATE = "Démonstration – serveur de référence et cartes virtuelles sur cette machine"
SHARED_NETWORK = f"{PRIVATE} (lecteurs joignables par le réseau)"


class Stage:
    """A context manager. ``data`` keeps authority, cards and database from one demonstration to the next.

    Without pcscd or pyscard, or when asked, the cards are in this process and ``notice`` says so. ``pin_pad`` gives the
    readers keys of their own, which virtual readers of pcscd cannot have: so the cards are in this process then.
    """

    radiologists: tuple[Professional, ...] = (RADIOLOGIST,)
    emergencies = EmergencyRules(centres=frozenset({SAMU.national_id}))

    def __init__(self, data: Path, *, in_process: bool = False, pin_pad: bool = False) -> None:
        self.data = data
        self.reader_keys: PadKeys | None = None
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        TestAuthority.open_or_create(data / "authority")  # before two children could both make it
        self._host: HostProcess | None = None
        self._server = Child("server", "--demo", "--data", str(data), log=data / "server.log")
        try:
            self._set_cards(in_process or pin_pad, pin_pad)
        except BaseException:
            self._server.close()
            raise
        self._page = PatientPage(self._server.ready["patient_url"])

    @property
    def endpoint(self) -> DmpEndpoint:
        """Where the reference server is."""
        ready = self._server.ready
        return DmpEndpoint(ready["base_url"], Path(ready["ca_file"]))

    def patient_view(self, case: Callable[[], Case | None]) -> Callable[[], str]:
        """The HTML of the patient's space, for the patient open now or last."""
        return lambda: self._page.html(case())

    def _set_cards(self, in_process: bool, pin_pad: bool) -> None:
        if not in_process:
            self._host = _start_host(self.data)
        if self._host is None:
            transport = DirectTransport(READERS)
            self.reader_keys = PadKeys(transport) if pin_pad else None
            cards = every_card(self.data)
            self.card_table: InProcessCards | PcscdCards = InProcessCards(transport, cards)
            self.desk, self.notice = Desk(transport), IN_PROCESS
            return
        from card_reader.pcsc import PcscTransport

        self._host.use()
        self.card_table = PcscdCards(self._host)
        self.desk = Desk(PcscTransport())
        self.notice = PRIVATE if self._host.isolated else SHARED_NETWORK

    def close(self) -> None:
        """End the readers, the cards and the server."""
        self.desk.close()
        if self._host:
            self._host.close()
        self._server.close()

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _start_host(data: Path) -> HostProcess | None:
    """The private pcscd, or None where it cannot run."""
    if importlib.util.find_spec("smartcard") is None:
        return None
    try:
        return HostProcess(cards_command.command(data))
    except CardTableProblem as problem:
        print(f"praticien : pcscd privé indisponible ({problem}) : cartes dans le logiciel.", file=sys.stderr)
        return None


class PatientPage:
    """Fetches the patient's space from the reference server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._matricule = ""

    def html(self, case: Case | None) -> str:
        """The page of the patient open now, else of the last one, else the list of patients."""
        if case and case.patient.ins:
            self._matricule = case.patient.ins.matricule
        # not by requests: its debug log quotes addresses, and this one names the patient
        with urlopen(self._url + self._matricule, timeout=10) as answer:  # noqa: S310 - the server's own http address
            page: bytes = answer.read()
        return page.decode("utf-8")
