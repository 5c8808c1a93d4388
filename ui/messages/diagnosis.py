"""What the reader doctor says: for each finding what was seen, and what to do about it.

Placeholders are the finding's own values. Findings that are a card's error take the sentence of that error.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from praticien.ports import Finding, Level
from ui.messages import Message, for_code
from ui.text import count, moment_text

NOTHING = "Rien à faire."
FINDINGS: dict[str, tuple[str, str]] = {
    "service.running": ("Le service de cartes à puce fonctionne.", NOTHING),
    "service.absent": (
        "Le service de cartes à puce de l’ordinateur ne répond pas.",
        "Démarrez-le (« pcscd » sous Linux, « Carte à puce » dans les services Windows) ou redémarrez l’ordinateur.",
    ),
    "driver.present": ("Pilotes de lecteurs installés : {names}.", NOTHING),
    "driver.none": (
        "Aucun pilote de lecteur n’est installé.",
        "Installez le pilote CCID (paquet « libccid » ou « pcsc-lite-ccid »), puis rebranchez le lecteur.",
    ),
    "reader.none": (
        "Aucun lecteur de cartes n’est reconnu.",
        "Branchez le lecteur directement sur l’ordinateur, essayez une autre prise USB, puis vérifiez son pilote.",
    ),
    "reader.empty": ("Ce lecteur fonctionne et ne contient pas de carte.", NOTHING),
    "reader.pin_pad": ("Ce lecteur a un clavier : le code porteur s’y saisit.", NOTHING),
    "reader.pin_pad_unfit": (
        "Ce lecteur a un clavier, qui n’accepte pas un code de la longueur du code porteur : il se saisit à l’écran.",
        NOTHING,
    ),
    "card.powering_up": (
        "La carte vient d’être insérée et n’est pas encore reconnue.",
        "Attendez quelques secondes, puis relancez le diagnostic.",
    ),
    "card.unknown": (
        "Cette carte n’est ni une carte CPx ni une carte Vitale connue (ATR {atr}).",
        "Insérez une carte professionnelle ou Vitale ; si c’en est une, transmettez ce diagnostic à votre support.",
    ),
    "card.recognised": ("Carte reconnue : {model} (ATR {atr}).", NOTHING),
    "card.test": (
        "Cette carte est une carte de test.",
        "Elle ne peut servir qu’avec un serveur de test ; en production, insérez une carte réelle.",
    ),
    "card.several_professional": (
        "{count} cartes professionnelles sont insérées.",
        "Ne laissez que celle dont vous vous servez, ou choisissez-la quand la fenêtre le demande.",
    ),
    "cps.readable": ("Carte {kind} lisible, numéro de série {serial}.", NOTHING),
    "cps.contactless": (
        "Carte CPS numéro {serial} lue sans contact : elle n’a là ni code ni signature.",
        "Insérez-la dans la fente d’un lecteur pour ouvrir une session.",
    ),
    "vitale.readable": ("Carte Vitale lisible, numéro de série {serial}, {beneficiaries}.", NOTHING),
    "pin.tries": (
        "Code porteur : il reste {left} avant blocage.",
        "S’il en manque, saisissez le bon code : le compte redevient complet.",
    ),
    "pin.last_try": (
        "Code porteur : il ne reste qu’un essai.",
        "Retrouvez le code avant tout nouvel essai : une erreur bloquera la carte.",
    ),
    "pin.blocked": (
        "Le code porteur est bloqué.",
        "Débloquez-le avec le code de déblocage à huit chiffres reçu avec la carte (Ctrl+K).",
    ),
    "unblocking.few": (
        "Code de déblocage : il ne reste que {left}.",
        "Vérifiez-le sur le courrier reçu avec la carte avant tout nouvel essai.",
    ),
    "unblocking.blocked": (
        "Le code de déblocage est bloqué à son tour.",
        "Demandez une nouvelle carte à l’ANS si le code porteur est lui aussi bloqué.",
    ),
    "certificate.valid": ("Certificat {use} valable du {from} au {until}.", NOTHING),
    "certificate.expired": (
        "Le certificat {use} a expiré le {until}.",
        "Vérifiez la date de l’ordinateur ; si elle est juste, faites renouveler la carte par l’ANS.",
    ),
    "certificate.not_yet_valid": (
        "Le certificat {use} ne sera valable qu’à partir du {from}.",
        "Vérifiez la date de l’ordinateur, puis attendez ce jour ou appelez l’ANS.",
    ),
    "certificate.expires_soon": (
        "Le certificat {use} expire bientôt, le {until}.",
        "La nouvelle carte arrive par courrier ; si vous n’avez rien reçu, appelez l’ANS.",
    ),
    "certificate.trusted": ("Le certificat {use} vient d’une autorité reconnue.", NOTHING),
    "certificate.unknown_authority": (
        "Le certificat {use} ne vient d’aucune des autorités configurées.",
        "Vérifiez que la carte (test ou réelle) va avec ce serveur, et que le fichier des autorités est complet.",
    ),
    "clock.right": ("L’horloge de l’ordinateur va avec celle du serveur (écart de {seconds} s).", NOTHING),
    "clock.wrong": (
        "L’horloge de l’ordinateur s’écarte de {seconds} s de celle du serveur.",
        "Réglez la date et l’heure de l’ordinateur automatiquement : le serveur refuse les demandes mal datées.",
    ),
    "clock.not_compared": (
        "L’horloge de l’ordinateur n’a pas encore été comparée à celle du serveur.",
        "Elle le sera au premier échange avec le DMP ; relancez ensuite le diagnostic.",
    ),
    "cryptolib.absent": (
        "La Cryptolib CPS n’est pas installée.",
        "Rien à faire : la carte est lue directement, sans elle.",
    ),
    "cryptolib.present": ("Cryptolib CPS version {version} ({path}).", NOTHING),
    "cryptolib.unusable": (
        "La bibliothèque de cartes {path} est installée mais ne peut pas être chargée ({code}).",
        "Réinstallez la Cryptolib CPS de l’ANS ; d’ici là, la carte peut être lue directement.",
    ),
}
LEVELS = {Level.PROBLEM: "À corriger", Level.WARNING: "À surveiller", Level.GOOD: "Bon"}
_USES = {"signature": "de signature (nonRepudiation)", "authentication": "d’authentification (digitalSignature)"}
_WORST_FIRST = (Level.PROBLEM, Level.WARNING, Level.GOOD)


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """What is to be corrected before what is to be watched before what is good."""
    return sorted(findings, key=lambda finding: _WORST_FIRST.index(finding.level))


def finding_words(finding: Finding) -> Message:
    """What was seen and what to do."""
    if finding.code not in FINDINGS:
        return for_code(finding.code)
    text, advice = FINDINGS[finding.code]
    return Message(text.format_map(_values(finding)), advice, finding.code)


def _values(finding: Finding) -> dict[str, str]:
    values = dict(finding.values)
    values.setdefault("atr", values.get("detail", ""))  # an unknown card that only showed when it was opened
    if "use" in values:
        values["use"] = _USES[values["use"]]
    for name, one, many in (("left", "essai", "essais"), ("beneficiaries", "bénéficiaire", "bénéficiaires")):
        if name in values:
            values[name] = count(int(values[name]), one, many)
    for name in {"from", "until"} & values.keys():
        year, month, day = values[name].split("-")
        values[name] = f"{day}/{month}/{year}"
    return values


def finding_line(finding: Finding) -> str:
    """Level, reader and what was seen; on a second line what to do, if anything."""
    message = finding_words(finding)
    advice = "" if message.advice == NOTHING else f"\n{message.advice}"
    where = f" · {finding.subject}" if finding.subject else ""
    return f"{LEVELS[finding.level]}{where} · {message.text}{advice}"


def as_text(findings: Sequence[Finding], software: str, moment: datetime) -> str:
    """The whole diagnosis for a support desk: no PIN, NIR or name is in any finding."""
    lines = [f"Diagnostic lecteur · {software} · {moment_text(moment)}"]
    for finding in worst_first(findings):
        said = finding_line(finding).replace("\n", "\n    ")
        technical = " ".join([finding.code, *(f"{name}={value}" for name, value in finding.values)])
        lines.append(f"- {said}\n    [{technical}]")
    return "\n".join(lines) + "\n"
