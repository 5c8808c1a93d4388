"""Documents already in the fictitious dossiers when the demonstration server starts. Built like any other deposit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from demonstration.people import (
    CALLED_FOR,
    DOSSIERS,
    EMERGENCY,
    GP,
    HOPITAL,
    IMAGERIE,
    LABORATOIRE,
    LILAS,
    RADIOLOGIST,
)
from demonstration.regulation_samples import DIRECTIVES, SECTIONS, SUMMARY, as_document
from praticien.deposit import new_oid, prepare
from praticien.documents.model import DocumentKind, NewDocument, Party, TypedText
from praticien.identity import IdentityStatus, Patient
from praticien.metadata import Submission
from praticien.professional import Professional
from reference_server.seeds import DossierSeed

SERVER_OID = "2.25.179769313486231570814527423731"
"""Source of the sample submissions: an OID of the demonstration, not of any real software."""

_BIOLOGIST = Professional("899700000164", "TESTBIOLOGISTE", "Armand", profession="10", specialty="SM03")


@dataclass(frozen=True)
class _Sample:
    kind: DocumentKind
    title: str
    party: Party
    days_ago: int
    text: str
    masked: bool = False


_SAMPLES = (
    _Sample(
        DocumentKind.IMAGING_REPORT,
        "IRM du genou droit",
        Party(RADIOLOGIST, IMAGERIE),
        41,
        "Indication : douleur du genou droit après entorse.\n\n"
        "Technique : séquences T1, T2 et densité de protons avec saturation de graisse.\n\n"
        "Résultat : ménisques et ligaments croisés d'aspect normal. Discret épanchement articulaire.\n\n"
        "Conclusion : pas de lésion méniscale ni ligamentaire visible.",
    ),
    _Sample(
        DocumentKind.LAB_RESULT,
        "Numération, ionogramme, créatinine",
        Party(_BIOLOGIST, LABORATOIRE),
        51,
        "Hémoglobine : 13,4 g/dL (12,0 à 16,0)\nLeucocytes : 6,1 G/L (4,0 à 10,0)\nPlaquettes : 243 G/L (150 à 400)\n\n"
        "Sodium : 140 mmol/L (136 à 145)\nPotassium : 4,1 mmol/L (3,5 à 5,1)\nCréatinine : 71 µmol/L (45 à 84)\n\n"
        "Tous les résultats sont dans les valeurs de référence.",
    ),
    _Sample(
        DocumentKind.PRESCRIPTION,
        "Ordonnance de sortie des urgences",
        Party(EMERGENCY, HOPITAL),
        42,
        "Paracétamol 1 g : un comprimé si douleur, jusqu'à trois fois par jour, pendant cinq jours.\n\n"
        "Attelle de genou : quinze jours.\n\nÀ revoir si la douleur persiste.",
    ),
    _Sample(
        DocumentKind.LAB_RESULT,
        "Dosage demandé par le patient",
        Party(_BIOLOGIST, LABORATOIRE),
        12,
        "Résultat remis en main propre au patient, qui a demandé le masquage de ce document.",
        masked=True,
    ),
)


_SUMMARY = _Sample(DocumentKind.LAB_RESULT, "Volet de synthèse médicale", Party(GP, LILAS), 63, "Voir les sections.")
_DIRECTIVES = _Sample(
    DocumentKind.LAB_RESULT,
    "Directives anticipées",
    Party(GP, LILAS),
    300,
    "Document fictif : le patient ne souhaite pas de réanimation prolongée.",
)


def sample_submissions(now: datetime | None = None) -> Iterator[Submission]:
    """One submission a sample and dossier that wants samples, dated before ``now`` (aware)."""
    today = now or datetime.now(UTC)
    for seed in DOSSIERS:
        if seed.sample_documents:
            for sample in _SAMPLES:
                yield _submission(seed, sample, today)
    yield as_document(_submission(CALLED_FOR, _SUMMARY, today), SUMMARY, SECTIONS)
    yield as_document(_submission(CALLED_FOR, _DIRECTIVES, today), DIRECTIVES)


def _submission(seed: DossierSeed, sample: _Sample, now: datetime) -> Submission:
    moment = now - timedelta(days=sample.days_ago)
    document = NewDocument(
        kind=sample.kind,
        title=sample.title,
        body=TypedText(sample.text),
        patient=Patient(seed.traits, IdentityStatus.QUALIFIED, seed.ins),
        author=sample.party,
        legal_authenticator=sample.party,
        created_at=moment,
        service_start=moment,
        unique_id=new_oid(),
        set_id=new_oid(),
        masked_to_professionals=sample.masked,
    )
    return prepare(document, software_oid=SERVER_OID, clock=lambda: moment)
