"""Praticien: the command line (in French). What the commands do is in ``composition`` and ``demonstration``.

Each command imports what it needs and no more, so that it starts fast.
"""

from __future__ import annotations

import argparse
import io
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from composition.software import NAME, version

if TYPE_CHECKING:
    from praticien.listening import ListenAddress


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 when something failed, 2 for unusable arguments."""
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    command: Callable[[argparse.Namespace], int] = options.command
    return command(options)


# -- command line ----------------------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """All commands with their options; ``command`` is the function that runs the chosen one."""
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
    parser.set_defaults(command=_run_application, mllp=None)
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
        "--workers",
        type=_count,
        default=1,
        metavar="N",
        help="nombre de processus qui répondent (1 ; plusieurs sans --faults, et pas sous Windows)",
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


def _count(text: str) -> int:
    if not 1 <= int(text) <= 64:
        raise ValueError
    return int(text)


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat() if text else ""


def _add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database", default="", metavar="URL", help="base PostgreSQL (postgresql://…) à la place du fichier SQLite"
    )


def _add_with_parent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--with-parent", action="store_true", help="s'arrête aussi quand l'entrée standard se ferme")


# -- commands --------------------------------------------------------------------------------------------------------


def _run_application(options: argparse.Namespace) -> int:
    from praticien import configuration

    if options.example_config:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # as the file is read, whatever this terminal or system speaks
        print(configuration.EXAMPLE, end="")
        return 0
    from composition import application, folders

    path = options.config or folders.configuration_file()
    return application.run(path, options.data or folders.data_folder(), options.mllp)


def _run_diagnose(options: argparse.Namespace) -> int:
    from composition import doctor, folders

    return doctor.run(options.config or folders.configuration_file(), required=options.config is not None)


def _run_demo(options: argparse.Namespace) -> int:
    from composition import demonstrating, folders

    ways = {"in_process": options.in_process, "laboratories": options.mllp, "archive": options.dicom}
    if options.offscreen:
        return demonstrating.play(options.offscreen, options.data, **ways)
    data = options.data or folders.demonstration_folder()
    return demonstrating.run(data, pin_pad=options.pin_pad, **ways)


def _run_server(options: argparse.Namespace) -> int:
    from demonstration import server_command
    from demonstration.child import end_with_parent

    if options.with_parent:
        end_with_parent()
    return server_command.run(
        _demonstration_data(options),
        options.port,
        options.demo,
        faults=options.faults,
        database_url=options.database,
        revocation_list=options.crl,
        workers=options.workers,
    )


def _run_cards(options: argparse.Namespace) -> int:
    from demonstration import cards_command

    return cards_command.run(_demonstration_data(options), options.insert, with_parent=options.with_parent)


def _run_export_trace(options: argparse.Namespace) -> int:
    from demonstration import trace_command
    from reference_server.storage.traces import Extract

    extract = Extract(frozenset(options.professional), options.start, options.end)
    return trace_command.export(_demonstration_data(options), options.file, extract, options.database)


def _run_verify_trace(options: argparse.Namespace) -> int:
    from demonstration import trace_command

    return trace_command.verify(options.file, options.key)


def _run_reading_rights(options: argparse.Namespace) -> int:
    from demonstration import rights_command

    return rights_command.run(options.profession, options.type, options.on)


def _demonstration_data(options: argparse.Namespace) -> Path:
    from composition import folders

    return folders.made(options.data or folders.demonstration_folder())


if __name__ == "__main__":
    from praticien import bugs

    bugs.install()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # redirected on Windows, a letter may have no code
    sys.exit(main())
