"""The command ``main.py server``: the reference server alone, for programs that somebody else wrote."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from demonstration import people
from demonstration.authority import TestAuthority, write_pair
from demonstration.samples import sample_submissions
from praticien.errors import PraticienError
from reference_server import running
from reference_server.errors import CannotStart
from reference_server.running import Addresses, ServerConfig
from reference_server.seeds import Directory, DossierSeed

_PURPOSES: dict[str, str] = {
    people.SOLO.ins.matricule: "dossier ouvert, sans autorisation",
    people.NORA.ins.matricule: "dossier ouvert, autorisation valide et médecin traitant : cps-medecin",
    people.YANN.ins.matricule: "dossier ouvert, autorisation expirée pour cps-medecin",
    people.LINA.ins.matricule: "dossier ouvert d'un enfant, parents nommés, sans autorisation",
    people.TOM.ins.matricule: "aucun dossier",
    people.UNCONSCIOUS.ins.matricule: "dossier ouvert : bris de glace accepté",
    people.OPPOSED.ins.matricule: "opposition au bris de glace",
    people.CLOSED.ins.matricule: "dossier fermé",
    people.BLOCKING.ins.matricule: "a bloqué cps-medecin et cps-urgentiste",
    people.BEING_CREATED.ins.matricule: "dossier en cours de création depuis 20 jours",
    people.PROTECTED.ins.matricule: "dossier ouvert d'une adulte représentée, sans autorisation",
    people.SCANNED.ins.matricule: "dossier ouvert : dépôts d'imagerie",
    people.CALLED_FOR.ins.matricule: "dossier ouvert : recherche d'un centre de régulation",
    people.HOMONYM.ins.matricule: "dossier ouvert : homonyme à dix jours près",
    people.OPPOSED_TO_REGULATION.ins.matricule: "opposition à l'accès par un centre de régulation",
}
_STRUCTURE, _PROFESSIONAL = people.HOPITAL, people.EMERGENCY
"""The structure whose keys are given away, and a professional who practises there."""


def run(
    data: Path,
    port: int,
    demo: bool,
    *,
    faults: bool = False,
    database_url: str = "",
    revocation_list: Path | None = None,
    workers: int = 1,
) -> int:
    """Print one line of JSON, then serve until interrupted. Returns the exit status: 2 when it cannot start."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    authority = TestAuthority.open_or_create(data / "authority")
    described = _demonstration(data, authority) if demo else {}

    def ready(addresses: Addresses) -> None:
        line = {
            "base_url": addresses.base_url,
            "ca_file": str(data / "ca.pem"),
            "patient_url": addresses.patient_url,
            **({"operator_url": addresses.operator_url} if faults else {}),
            **described,
        }
        print(json.dumps(line, ensure_ascii=False), flush=True)

    try:
        made = config(data, authority, port=port, demo=demo, faults=faults)
        made = replace(made, database_url=database_url, revocation_list=revocation_list, workers=workers)
        running.run(made, ready)
    except PraticienError as error:
        sentence = error.sentence if isinstance(error, CannotStart) else ""
        print(f"{error.code} {error.detail} {sentence}".rstrip(), file=sys.stderr)
        return 2
    return 0


def config(
    data: Path, authority: TestAuthority, *, port: int = 0, demo: bool = True, faults: bool = False
) -> ServerConfig:
    """The demonstration's server: its certificates written in ``data``, its database under ``data/dmp``."""
    (data / "ca.pem").write_bytes(authority.bundle_pem)
    write_pair(data, "server", authority.server())
    return ServerConfig(
        data=data / "dmp",
        ca_bundle=data / "ca.pem",
        server_certificate=data / "server.pem",
        server_key=data / "server.key",
        port=port,
        directory=people.DIRECTORY if demo else Directory(),
        seeds=people.DOSSIERS if demo else (),
        submissions=sample_submissions if demo else tuple,
        faults=faults,
        revoke=authority.revocation_lists,
    )


def _demonstration(data: Path, authority: TestAuthority) -> dict[str, Any]:
    """A structure's two pairs, made for the occasion, who may act there, and whom one may look for."""
    write_pair(data, "structure-tls", authority.structure(_STRUCTURE, signature=False))
    write_pair(data, "structure-cachet", authority.structure(_STRUCTURE, signature=True))
    return {
        "client_cert_file": str(data / "structure-tls.pem"),
        "client_key_file": str(data / "structure-tls.key"),
        "signing_cert_file": str(data / "structure-cachet.pem"),
        "signing_key_file": str(data / "structure-cachet.key"),
        "structure": {
            "id": _STRUCTURE.national_id,
            "name": _STRUCTURE.name,
            "sector": _STRUCTURE.sector,
        },
        "professional": {
            "id": _PROFESSIONAL.national_id,
            "family_name": _PROFESSIONAL.family_name,
            "given_name": _PROFESSIONAL.given_name,
            "profession": _PROFESSIONAL.profession,
            "specialty": _PROFESSIONAL.specialty,
        },
        "patients": [_described(seed) for seed in people.DOSSIERS],
    }


def _described(seed: DossierSeed) -> dict[str, Any]:
    return {
        "ins": seed.ins.matricule,
        "oid": seed.ins.oid,
        "birth_name": seed.traits.birth_name,
        "birth_first_names": list(seed.traits.birth_first_names),
        "birth_date": seed.traits.birth_date,
        "sex": seed.traits.sex.value,
        "birth_place": seed.traits.birth_place,
        "purpose": _PURPOSES[seed.ins.matricule],
    }
