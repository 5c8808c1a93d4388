"""Praticien: the composition root, the one place that knows every part, and the command line (in French).

Imports that cost time are made inside the commands, so that each starts with what it needs only.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from card_reader.desk import Desk
    from connectors.endpoint import DmpEndpoint
    from connectors.server_clock import ServerClock
    from demonstration.stage import Stage
    from praticien.configuration import Configuration
    from praticien.documents.lab_report import LabReport
    from praticien.documents.received import Reception
    from praticien.emergency import EmergencyRules
    from praticien.errors import InvalidInput
    from praticien.imaging_configuration import ImagingConfiguration
    from praticien.lab_inbox import LabInbox
    from praticien.listening import ListenAddress
    from praticien.ports import Diagnose, Finding
    from praticien.practice import Case
    from praticien.professional import Professional
    from ui.dependencies import CardTableBackend, Dependencies, ReaderKeys, ReadLabFile

NAME = "Praticien"
APPLICATION = "praticien"
DEMONSTRATION = "praticien-demonstration"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 when something failed, 2 for unusable arguments."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    command: Callable[[argparse.Namespace], int] = options.command
    return command(options)


def version() -> str:
    """The installed version."""
    try:
        return importlib.metadata.version(APPLICATION)
    except importlib.metadata.PackageNotFoundError:
        return "0"


# -- command line ----------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="Praticien : lecture et dépôt dans le DMP avec les cartes CPS et Vitale. "
        "Sans commande, lance l'application sur le serveur du fichier de configuration.",
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {version()}")
    parser.add_argument("--config", type=Path, metavar="FICHIER", help="fichier de configuration (TOML)")
    parser.add_argument("--data", type=Path, metavar="DOSSIER", help="dossier des données de l'application")
    parser.add_argument(
        "--example-config", action="store_true", help="affiche un exemple de fichier de configuration, puis s'arrête"
    )
    _add_mllp(parser)
    parser.set_defaults(command=_run_application)
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE")
    _add_demo(commands)
    _add_diagnose(commands)
    _add_server(commands)
    _add_cards(commands)
    _add_traces(commands)
    _add_reading_rights(commands)
    return parser


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="démonstration complète : serveur de référence, cartes virtuelles, fenêtre",
        description="Démarre le serveur de référence sur la boucle locale, les cartes virtuelles et la fenêtre.",
    )
    demo.add_argument(
        "--offscreen",
        type=Path,
        metavar="DOSSIER",
        help="joue les parcours sans écran et laisse dans DOSSIER les images, les documents et un résumé",
    )
    demo.add_argument(
        "--in-process", action="store_true", help="cartes virtuelles dans le logiciel, sans pcscd ni lecteur virtuel"
    )
    demo.add_argument(
        "--pin-pad", action="store_true", help="lecteur à clavier : le code s'y saisit (cartes dans le logiciel)"
    )
    _add_mllp(demo)
    demo.add_argument(
        "--dicom",
        type=_listen_address,
        metavar="ADRESSE:PORT",
        help="reçoit les examens d'un PACS (DICOM C-STORE, AE « PRATICIEN ») à cette adresse de la machine",
    )
    _add_data(demo)
    demo.set_defaults(command=_run_demo)


def _add_diagnose(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    diagnose = commands.add_parser(
        "diagnose",
        help="diagnostic des lecteurs et des cartes, sans essai de code",
        description="Affiche ce qui va et ce qui ne va pas : service, pilotes, lecteurs, cartes, certificats, horloge, "
        "Cryptolib ; et que faire. Le texte ne contient ni code, ni NIR, ni nom. Le code de sortie est 1 s'il y a "
        "quelque chose à corriger. Le fichier de configuration (--config) est lu s'il existe.",
    )
    diagnose.set_defaults(command=_run_diagnose)


def _add_server(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    server = commands.add_parser(
        "server",
        help="le serveur de référence seul",
        description="Démarre le serveur de référence, affiche une ligne de JSON (base_url, ca_file…), "
        "puis fonctionne jusqu'à interruption.",
    )
    server.add_argument(
        "--demo", action="store_true", help="avec des patients fictifs et les certificats d'une structure"
    )
    server.add_argument(
        "--faults", action="store_true", help="avec une page d'exploitant (operator_url) qui provoque des pannes"
    )
    server.add_argument(
        "--crl", type=Path, metavar="FICHIER", help="listes de révocation (PEM ou DER), relues à chaque changement"
    )
    server.add_argument(
        "--workers", type=_count, default=1, metavar="N", help="nombre de processus qui répondent (1 ; Unix seulement)"
    )
    server.add_argument("--port", type=int, default=0, metavar="N", help="port TCP (par défaut : un port libre)")
    _add_database(server)
    _add_data(server)
    _add_with_parent(server)
    server.set_defaults(command=_run_server)


def _add_cards(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    cards = commands.add_parser(
        "cards",
        help="les cartes virtuelles seules, dans un pcscd privé",
        description="Démarre un pcscd privé avec des lecteurs virtuels, affiche une ligne de JSON "
        "(pcsclite_csock_name, readers, cards), puis fonctionne jusqu'à interruption. Obéit, une ligne à la fois "
        "sur l'entrée standard, à « insert NOM [LECTEUR] » et « withdraw NOM ».",
    )
    cards.add_argument(
        "--insert", action="append", default=[], metavar="NOM", help="carte à insérer au départ (répétable)"
    )
    _add_data(cards)
    _add_with_parent(cards)
    cards.set_defaults(command=_run_cards)


def _add_traces(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    export = commands.add_parser(
        "export-trace",
        help="exporte la trace du serveur de référence, sans donnée de patient",
        description="Écrit la trace signée. Les lignes hors de la sélection n’y montrent que leur empreinte.",
    )
    export.add_argument("file", type=Path, metavar="FICHIER", help="fichier à créer")
    export.add_argument(
        "--professional",
        action="append",
        default=[],
        metavar="ID",
        help="identifiant national du professionnel (répétable ; par défaut : tous)",
    )
    export.add_argument("--from", dest="start", type=_day, default="", metavar="AAAA-MM-JJ", help="premier jour (UTC)")
    export.add_argument("--to", dest="end", type=_day, default="", metavar="AAAA-MM-JJ", help="dernier jour (UTC)")
    _add_database(export)
    _add_data(export)
    export.set_defaults(command=_run_export_trace)
    verify = commands.add_parser("verify-trace", help="vérifie une trace exportée ; nomme la première ligne altérée")
    verify.add_argument("file", type=Path, metavar="FICHIER")
    verify.add_argument(
        "--key", default="", metavar="EMPREINTE", help="empreinte SHA-256 attendue de la clé (hexadécimal)"
    )
    verify.set_defaults(command=_run_verify_trace)


def _count(text: str) -> int:
    if not 1 <= int(text) <= 64:
        raise ValueError
    return int(text)


def _add_reading_rights(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rights = commands.add_parser(
        "reading-rights",
        help="une profession peut-elle lire un type de document, et le pouvait-elle ?",
        description="Répond d’après la matrice datée du serveur de référence. "
        "Exemple : reading-rights podologue 11490-0 --on 2022-06-01",
    )
    rights.add_argument("profession", metavar="PROFESSION", help="code G15 ou une partie du nom")
    rights.add_argument("type", metavar="TYPE", help="code du type de document, par exemple 11490-0")
    rights.add_argument("--on", type=date.fromisoformat, metavar="AAAA-MM-JJ", help="ce jour-là seulement")
    rights.set_defaults(command=_run_reading_rights)


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat() if text else ""


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="DOSSIER",
        help="dossier où la démonstration garde son autorité de TEST, ses cartes et sa base",
    )


def _add_mllp(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mllp",
        type=_listen_address,
        default=argparse.SUPPRESS,
        metavar="ADRESSE:PORT",
        help="reçoit les résultats de laboratoire (HL7 v2, MLLP) à cette adresse de la machine",
    )


def _listen_address(text: str) -> ListenAddress:
    from praticien.listening import ListenAddress

    return ListenAddress.parse(text)


def _add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database", default="", metavar="URL", help="base PostgreSQL (postgresql://…) à la place du fichier SQLite"
    )


def _add_with_parent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--with-parent", action="store_true", help="s'arrête aussi quand l'entrée standard se ferme")


# -- commands --------------------------------------------------------------------------------------------------------


def _run_application(options: argparse.Namespace) -> int:
    from praticien import configuration
    from praticien.errors import InvalidInput

    if options.example_config:
        print(configuration.EXAMPLE, end="")
        return 0
    path = _configuration_path(options)
    try:
        settings = configuration.load(path)
    except InvalidInput as error:
        return _refuse_configuration(path, error)
    if not _has_pyscard():
        return _refuse("pyscard n’est pas installé : la lecture des cartes est impossible (voir le README).")
    from card_reader.desk import Desk
    from card_reader.pcsc import PcscTransport
    from card_reader.pkcs11.choice import opener_for
    from connectors.endpoint import DmpEndpoint

    data = options.data or _folder("data", APPLICATION)
    endpoint = DmpEndpoint(settings.base_url, settings.ca_file)
    desk = Desk(PcscTransport(), professional_opener=opener_for(settings.cards_mode, settings.pkcs11_library))
    parts = Parts(
        endpoint,
        desk,
        data,
        partial(_outbox_key, data),
        ins_oid=settings.ins_oid,
        radiologists=settings.radiologists,
        configuration=settings,
        listen=getattr(options, "mllp", None),
    )
    return _show(parts)


def _run_diagnose(options: argparse.Namespace) -> int:
    from praticien import configuration
    from praticien.errors import InvalidInput
    from praticien.ports import Level
    from ui.messages_diagnosis import as_text

    path = _configuration_path(options)
    try:
        settings = configuration.load(path) if options.config or path.exists() else None
    except InvalidInput as error:
        return _refuse_configuration(path, error)
    if not _has_pyscard():
        return _refuse("pyscard n’est pas installé : la lecture des cartes est impossible (voir le README).")
    from card_reader.desk import Desk
    from card_reader.pcsc import PcscTransport
    from connectors.endpoint import DmpEndpoint
    from connectors.server_clock import ServerClock

    endpoint = DmpEndpoint(settings.base_url, settings.ca_file) if settings else None
    desk = Desk(PcscTransport())
    try:
        findings = _doctor(desk, endpoint, ServerClock(), settings)()
    finally:
        desk.close()
    print(as_text(findings, f"{NAME} {version()}", datetime.now(UTC)), end="")
    return int(any(finding.level is Level.PROBLEM for finding in findings))


def _run_demo(options: argparse.Namespace) -> int:
    from demonstration.stage import Stage

    if options.offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with ExitStack() as stack:
        data = getattr(options, "data", None)
        if data is None and options.offscreen:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="praticien-")))
        folder = data or _folder("data", DEMONSTRATION)
        with_pad = options.pin_pad and not options.offscreen
        stage = stack.enter_context(Stage(folder, in_process=options.in_process, pin_pad=with_pad))
        parts = _demonstration_parts(stage, options.dicom)
        parts = replace(parts, listen=getattr(options, "mllp", None))
        if options.offscreen:
            return _play(parts, stage, options.offscreen)
        return _show(parts)


def _run_server(options: argparse.Namespace) -> int:
    from demonstration import server_command
    from demonstration.child import end_with_parent

    if options.with_parent:
        end_with_parent()
    return server_command.run(
        _demonstration_folder(options),
        options.port,
        options.demo,
        faults=options.faults,
        database_url=options.database,
        revocation_list=options.crl,
        workers=options.workers,
    )


def _run_cards(options: argparse.Namespace) -> int:
    from demonstration import cards_command

    return cards_command.run(_demonstration_folder(options), options.insert, with_parent=options.with_parent)


def _run_export_trace(options: argparse.Namespace) -> int:
    from demonstration import trace_command
    from reference_server.storage.traces import Extract

    extract = Extract(frozenset(options.professional), options.start, options.end)
    return trace_command.export(_demonstration_folder(options), options.file, extract, options.database)


def _run_verify_trace(options: argparse.Namespace) -> int:
    from demonstration import trace_command

    return trace_command.verify(options.file, options.key)


def _run_reading_rights(options: argparse.Namespace) -> int:
    from demonstration import rights_command

    return rights_command.run(options.profession, options.type, options.on)


# -- wiring ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parts:
    """What differs between the application and its demonstration."""

    endpoint: DmpEndpoint
    desk: Desk
    data: Path
    outbox_key: Callable[[], bytes]
    ins_oid: str
    radiologists: tuple[Professional, ...] = ()
    configuration: Configuration | None = None
    emergencies: EmergencyRules | None = None
    listen: ListenAddress | None = None
    imaging: ImagingConfiguration | None = None
    notice: str = ""
    card_table: CardTableBackend | None = None
    reader_keys: ReaderKeys | None = None
    patient_view: Callable[[Callable[[], Case | None]], Callable[[], str]] | None = None


def _dependencies(parts: Parts) -> Dependencies:
    from connectors.connecting import connecting
    from connectors.endpoint import Software
    from connectors.server_clock import ServerClock
    from connectors.xdm.packager import XdmPackager
    from praticien.comparisons import Comparisons
    from praticien.configuration import Settings
    from praticien.consents import ConsentRegister
    from praticien.deposit import new_oid, prepare
    from praticien.deposited import Deposited
    from praticien.documents import imaging_acts, prescription_products
    from praticien.imaging_configuration import ImagingConfiguration
    from praticien.outbox import Outbox
    from praticien.practice import Practice
    from praticien.reviews import ReviewQueue
    from praticien.visits import Visits
    from ui.dependencies import Dependencies

    settings = Settings(parts.data / "settings.json")
    if not settings.get("installation"):
        settings.set("installation", new_oid())
    installation = settings.get("installation")
    software = Software(NAME, version(), installation_id=installation, oid=installation)
    clock = ServerClock()
    production = parts.configuration is not None and parts.configuration.environment == "production"
    imaging = (parts.configuration.imaging if parts.configuration else parts.imaging) or ImagingConfiguration()
    emergencies = parts.configuration.emergencies if parts.configuration else parts.emergencies
    key = parts.outbox_key()
    outbox = Outbox(parts.data / "outbox", key)  # first: it says when another Praticien is open
    practice = Practice(
        connecting(parts.endpoint, software, clock),
        production=production,
        visits=Visits(parts.data / "visits.json", key),
        consents=ConsentRegister(parts.data / "consents", key),
        emergencies=emergencies,
        reviews=ReviewQueue(parts.data / "reviews", key),
    )
    return Dependencies(
        practice=practice,
        desk=parts.desk,
        outbox=outbox,
        prepare=partial(prepare, software_oid=installation),
        deposited=Deposited(parts.data / "deposited.json", key),
        comparisons=Comparisons(parts.data / "comparisons.jsonl", key),
        settings=settings,
        software=NAME,
        version=version(),
        notice=parts.notice,
        ins_oid=parts.ins_oid,
        radiologists=parts.radiologists,
        products=prescription_products.load(parts.configuration.products_file if parts.configuration else None),
        card_table=parts.card_table,
        reader_keys=parts.reader_keys,
        patient_view=parts.patient_view and parts.patient_view(lambda: practice.case),
        packager=XdmPackager(installation, NAME),
        diagnose=_doctor(parts.desk, parts.endpoint, clock, parts.configuration),
        compare_clocks=partial(clock.compare, parts.endpoint),
        acts=imaging_acts.load(imaging.acts_file),
        reception=_reception(imaging, parts.data, key),
        lab_inbox=_laboratory(parts, key, production=production),
        read_lab_file=_lab_reader(production=production),
    )


def _lab_reader(*, production: bool) -> ReadLabFile:
    """Imported when the first file or message comes: the application starts without it."""

    def read(content: bytes) -> Sequence[LabReport]:
        from connectors.lab_files.reading import read_file

        return read_file(content, production=production)

    return read


def _reception(imaging: ImagingConfiguration, data: Path, key: bytes) -> Reception:
    """The examinations received, and what receives them when there is an address: else the list says why not."""
    from praticien.documents.received import ReceivedStudies, Reception

    if imaging.listen is None:
        return Reception(retrieve_url=imaging.retrieve_url)
    from connectors.dicom.receiver import PortTaken, Receiver, ReceiverConfig

    store = ReceivedStudies(data / "received", key)
    address = imaging.listen
    config = ReceiverConfig(imaging.ae_title, address.host, address.port, imaging.callers, address.allowed)
    try:
        store.fed_by(Receiver(config, store.keep))
    except PortTaken as error:
        return Reception(store, imaging.retrieve_url, error.code)
    return Reception(store, imaging.retrieve_url)


def _laboratory(parts: Parts, key: bytes, *, production: bool) -> LabInbox:
    """The reports received, and the listener when there is an address: work goes on without it, the list says why."""
    from praticien.deposit import new_oid
    from praticien.lab_inbox import LabInbox

    inbox = LabInbox(parts.data / "laboratory", key, _lab_reader(production=production), new_oid)
    address = parts.listen or (parts.configuration.laboratory if parts.configuration else None)
    files = parts.configuration.laboratory_tls if parts.configuration else None
    if address:
        from connectors.hl7v2.errors import CannotListen, CannotSecure
        from connectors.hl7v2.listener import MllpListener
        from connectors.hl7v2.security import server_context

        try:
            tls = server_context(files) if files else None
            listener = MllpListener(
                address.host, address.port, inbox.put, allowed=address.allowed, production=production, tls=tls
            )
            inbox.fed_by(listener)
        except (CannotListen, CannotSecure) as error:
            inbox.fed_by(None, error.code)
    return inbox


def _doctor(
    desk: Desk, endpoint: DmpEndpoint | None, clock: ServerClock, configuration: Configuration | None
) -> Diagnose:
    """The reader doctor; without ``endpoint`` neither clocks nor authorities are compared."""

    def look() -> tuple[Finding, ...]:
        from card_reader.diagnosis import Surroundings, diagnose

        if endpoint and clock.time() is None:
            clock.ask(endpoint)
        around = Surroundings(
            datetime.now(UTC),
            clock.time(),
            authorities=_authorities(endpoint.ca_file) if endpoint else (),
            production=configuration is not None and configuration.environment == "production",
        )
        library = configuration and configuration.pkcs11_library
        return diagnose(desk, replace(around, cryptolib_paths=(library,)) if library else around)

    return look


def _authorities(path: Path) -> tuple[Certificate, ...]:
    """Those of a PEM file; none when it cannot be read: the connection will say so."""
    from cryptography import x509

    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError):
        return ()


def _demonstration_parts(stage: Stage, dicom: ListenAddress | None) -> Parts:
    from praticien.identity import InsOid
    from praticien.imaging_configuration import ImagingConfiguration
    from praticien.secrets_at_rest import key_from_file

    data = stage.data / "application"
    return Parts(
        stage.endpoint,
        stage.desk,
        data,
        partial(key_from_file, data),
        ins_oid=InsOid.TEST,
        radiologists=stage.radiologists,
        emergencies=stage.emergencies,
        imaging=ImagingConfiguration(retrieve_url="https://images.test.invalid/wado-rs", listen=dicom),
        notice=stage.notice,
        card_table=stage.card_table,
        reader_keys=stage.reader_keys,
        patient_view=stage.patient_view,
    )


def _outbox_key(data: Path) -> bytes:
    """From the system keyring, else from a passphrase that the user types."""
    from praticien.secrets_at_rest import KeyringUnavailable, key_from_keyring, key_from_passphrase

    try:
        return key_from_keyring()
    except KeyringUnavailable:
        from ui import passphrase

        return passphrase.ask(lambda typed: key_from_passphrase(typed, data / "outbox-key"))


def _show(parts: Parts) -> int:
    from praticien.errors import PraticienError
    from ui.application import refuse, start

    try:
        dependencies = _dependencies(parts)
    except PraticienError as error:
        parts.desk.close()
        return refuse(error)
    try:
        return start(dependencies)
    finally:
        _close(dependencies)


def _play(parts: Parts, stage: Stage, folder: Path) -> int:
    from demonstration.player import play

    dependencies = _dependencies(parts)
    try:
        return play(dependencies, stage, folder)
    finally:
        _close(dependencies)


def _close(dependencies: Dependencies) -> None:
    dependencies.practice.lock()
    dependencies.desk.close()
    if dependencies.lab_inbox:
        dependencies.lab_inbox.close()
    if dependencies.reception.store:
        dependencies.reception.store.close()
    dependencies.outbox.close()
    for kept in (dependencies.practice.reviews, dependencies.practice.consents):
        if kept:
            kept.close()


# -- small things ----------------------------------------------------------------------------------------------------


def _folder(kind: str, application: str) -> Path:
    import platformdirs

    find = platformdirs.user_config_path if kind == "config" else platformdirs.user_data_path
    return find(application, appauthor=False)


def _configuration_path(options: argparse.Namespace) -> Path:
    path: Path = options.config or _folder("config", APPLICATION) / "praticien.toml"
    return path


def _demonstration_folder(options: argparse.Namespace) -> Path:
    folder: Path = getattr(options, "data", None) or _folder("data", DEMONSTRATION)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _has_pyscard() -> bool:
    return importlib.util.find_spec("smartcard") is not None


def _refuse(sentence: str) -> int:
    print(f"praticien : {sentence}", file=sys.stderr)
    return 1


def _refuse_configuration(path: Path, error: InvalidInput) -> int:
    if error.code == "configuration.missing":
        return _refuse(
            f"pas de fichier de configuration ({path}) : créez-le à partir de « main.py --example-config », "
            "ou lancez la démonstration avec « main.py demo »."
        )
    return _refuse(f"fichier de configuration inutilisable ({path}) : {error.field or 'fichier'} – {error.detail}.")


if __name__ == "__main__":
    sys.exit(main())
