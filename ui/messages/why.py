"""Why one cannot: for each refusal the rule it rests on and who can change it. The sentence itself is in ``SENTENCES``.

Articles: CSP as in the facts of the access rules. A rule of the DMP that no public text numbers is named by its page.
"""

from __future__ import annotations

from praticien.access import Rule

PATIENT = "le patient, dans Mon espace santé ou au 3422"
PATIENT_WITH_YOU = "le patient, en vous disant son accord"
YOU = "vous"
ANS = "l’ANS, qui délivre la carte"
ORDER = "votre Ordre ou l’autorité d’enregistrement, puis l’ANS"
AUTHOR = "l’auteur du document ou le médecin traitant"
SUPPORT = "l’administrateur de ce poste"
STRUCTURE = "l’établissement, auprès de l’annuaire santé"
NOBODY = "personne : la règle protège le patient"

CONSENT = "accord du patient, CSP, art. L. 1110-4 et R. 1111-46"
OPPOSITION = "droit d’opposition, CSP, art. R. 1111-48"
MASKING = "droit de masquer, CSP, art. R. 1111-49"
EMERGENCY = "accès d’urgence, CSP, art. L. 1111-17 I"
MATRIX = "matrice des droits fonctionnels du DMP"
OF_A_MINOR = "connexion secrète d’un mineur, CSP, art. R. 1111-50 (EX_0.1-1100)"
TYPES = "arrêté du 26 octobre 2023, matrice d’habilitation"
CREATION = "création et clôture du dossier, CSP, art. L. 1111-14 et suivants"
INS = "référentiel INS, exigence INS/va1.53"
VITALE = "INSi, lecture de moins de vingt minutes (essai 1.02)"
SWAP = "INSi, carte échangée (essai 1.03)"
TEST_CARDS = "EX_GEN-1430, cartes de test en production"
IGC = "certificats de l’IGC-Santé en cours de validité"
VIHF = "VIHF, volet transport du CI-SIS"

WHY: dict[str, tuple[str, str]] = {
    # -- known to the window before it asks
    Rule.NO_DOSSIER.value: (CREATION, PATIENT),
    Rule.BEING_CREATED.value: ("ouverture après six semaines sans opposition, CSP, art. L. 1111-13-1", PATIENT),
    Rule.CLOSED.value: (CREATION, PATIENT),
    Rule.CONSENT_NEEDED.value: (CONSENT, PATIENT_WITH_YOU),
    Rule.CONSENT_EXPIRED.value: (CONSENT, PATIENT_WITH_YOU),
    Rule.CONSENT_EACH_TIME.value: ("hors équipe de soins, CSP, art. L. 1110-4 et L. 1110-12", PATIENT_WITH_YOU),
    Rule.BLOCKED.value: ("professionnel bloqué, CSP, art. R. 1111-46", PATIENT),
    Rule.CARD_MAY_NOT_READ.value: (MATRIX, "un professionnel de santé, avec sa carte CPS"),
    Rule.CARD_MAY_NOT_BREAK_GLASS.value: (EMERGENCY, "un professionnel de santé, avec sa carte CPS"),
    Rule.BREAK_GLASS_NOT_NEEDED.value: (EMERGENCY, "rien à changer : l’accès normal est ouvert"),
    Rule.BREAK_GLASS_OPPOSED.value: (OPPOSITION, PATIENT),
    Rule.EMERGENCY_OVER.value: (EMERGENCY, "vous, en indiquant un nouveau motif"),
    Rule.NOT_A_REGULATOR.value: (EMERGENCY, "le médecin régulateur, avec sa carte CPS"),
    Rule.NOT_A_CENTRE.value: (EMERGENCY, SUPPORT),
    Rule.REGULATION_OPPOSED.value: (OPPOSITION, PATIENT),
    Rule.TRAITS_NOT_CONFIRMED.value: ("identitovigilance, règle de ce logiciel", "l’appelant, en disant ces traits"),
    Rule.HOMONYM_NOT_SET_APART.value: ("identitovigilance, règle de ce logiciel", "l’appelant, en précisant un trait"),
    Rule.CONCEALED_FOR_MINORS.value: (OF_A_MINOR, NOBODY),
    Rule.CONCEALED_NOT_IN_EMERGENCY.value: (OF_A_MINOR, "vous, en mettant fin à l’accès d’urgence"),
    Rule.NO_EMERGENCY_CONCEALED.value: (OF_A_MINOR, "vous, en mettant fin à la connexion secrète"),
    Rule.SEARCH_TOO_WIDE.value: ("identitovigilance, règle de ce logiciel", "vous, en précisant la recherche"),
    "ins.unqualified": (INS, "vous, avec une pièce d’identité du patient"),
    "identity.mismatch": (INS, "vous, avec une pièce d’identité du patient"),
    "vitale.stale": (VITALE, "vous, en réinsérant la carte"),
    "vitale.swapped": (SWAP, "vous, en relisant la carte insérée"),
    "vitale.no_own_nir": (INS, "vous, en cherchant par les traits"),
    "card.test_refused": (TEST_CARDS, SUPPORT),
    "card.no_situation": (VIHF, ANS),
    "document.masked_and_invisible": ("EX_2.1-1050", YOU),
    # -- said by the server
    "dmp.authorisation_missing": (CONSENT, PATIENT_WITH_YOU),
    "dmp.authorisation_expired": (CONSENT, PATIENT_WITH_YOU),
    "dmp.professional_blocked": ("professionnel bloqué, CSP, art. R. 1111-46", PATIENT),
    "dmp.dossier_absent": (CREATION, PATIENT),
    "dmp.dossier_closed": (CREATION, PATIENT),
    "dmp.break_glass_opposed": (OPPOSITION, PATIENT),
    "dmp.regulation_opposed": (OPPOSITION, PATIENT),
    "dmp.function_not_allowed": (MATRIX, "un professionnel dont la carte ouvre cette fonction"),
    "dmp.access_denied": (MATRIX, "le support du DMP"),
    "dmp.structure_unknown": (VIHF, STRUCTURE),
    "dmp.structure_not_linked": (VIHF, STRUCTURE),
    "dmp.specialty_missing": (VIHF, ORDER),
    "dmp.invalid_certificate": (IGC, ANS),
    "dmp.invalid_vihf": (VIHF, "vous, en réglant l’heure du poste ; sinon " + SUPPORT),
    "dmp.identity_differs": (VIHF, "vous, en réinsérant votre carte"),
    "dmp.patient_unknown": (INS, "vous, en vérifiant l’identité du patient"),
    "dmp.patient_differs": (INS, "vous, en vérifiant le patient et le document"),
    "dmp.document_unknown": (f"{MASKING} ; {TYPES}", AUTHOR),
    "dmp.already_deposited": ("identifiant unique du document, IHE XDS", YOU),
    "dmp.conflicting_deposit": ("identifiant unique du document, IHE XDS", YOU),
    "dmp.attached": ("dossier rattaché à Mon espace santé", PATIENT),
    "dmp.update_refused": (MATRIX, AUTHOR),
    "tls.card_refused": (IGC, ANS),
    "tls.card_expired": (IGC, ANS),
}


def basis_of(code: str) -> str:
    """``Règle : … Qui peut y changer quelque chose : …``; empty for what is no refusal by a rule."""
    if code not in WHY:
        return ""
    rule, who = WHY[code]
    return f"Règle : {rule}. Qui peut y changer quelque chose : {who}."
