"""INSi: the matricule of a person, by Vitale card or by traits.

Source: facts protocol 5; element names and the namespaces INSiRecSans, INSiRecVit as a public client of the teleservice
uses them. The assertion is the same VIHF as the DMP's, without a patient (a guess).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from lxml import etree

from connectors.dmp.sender import Sender, utc_now
from connectors.dmp.vihf import Assertions, instant
from connectors.endpoint import DmpEndpoint
from connectors.errors import Fault, InsiNotFound, InsiRefused, InsiSeveralFound, MalformedAnswer, ServerRefusal
from connectors.soap.channel import Channel
from connectors.soap.envelope import Request
from connectors.soap.parsing import Element, all_named, clean, required, text
from connectors.soap.service import SoapService
from praticien.access import NORMAL
from praticien.errors import InvalidInput
from praticien.identity import Ins, Sex, StrictTraits
from praticien.ports import InsiAnswer
from praticien.vitale import Beneficiary

ACTION = "urn:ServiceIdentiteCertifiee:1.0.0:"
BY_TRAITS = "http://www.cnamts.fr/INSiRecSans"
BY_VITALE = "http://www.cnamts.fr/INSiRecVit"
BAM_CONTEXT = "urn:siram:bam:ctxbam"
LPS_CONTEXT = "urn:siram:lps:ctxlps"


class InsiClient:
    """One professional's way to INSi: implements ``praticien.ports.InsiGateway``.

    Raises InsiNotFound, InsiSeveralFound, InsiRefused, WireProblem subclasses, and what the card raises.
    """

    def __init__(
        self, channel: Channel, endpoint: DmpEndpoint, sender: Sender, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._service = SoapService(channel, endpoint.url("insi"), addressed=False)
        self._sender = sender
        self._clock = clock
        self._assertions = Assertions(sender, clock)

    def by_vitale(self, beneficiary: Beneficiary) -> InsiAnswer:
        """rechercherInsAvecCarteVitale. The birth date must have its century."""
        return self._ask("rechercherInsAvecCarteVitale", vitale_question(beneficiary))

    def by_traits(self, traits: StrictTraits) -> InsiAnswer:
        """rechercherInsAvecTraitsIdentite."""
        return self._ask("rechercherInsAvecTraitsIdentite", traits_question(traits))

    def _ask(self, operation: str, question: Element) -> InsiAnswer:
        headers = contexts(self._sender, self._clock())
        assertion = self._assertions.about(None, NORMAL)
        try:
            answer = self._service.call(Request(ACTION + operation, question, assertion, headers))
        except ServerRefusal as refusal:
            if type(refusal) is not ServerRefusal:
                raise  # a refusal we know by name
            raise InsiRefused(refusal.fault) from None
        return read(answer.body)


def traits_question(traits: StrictTraits) -> Element:
    """RECSANSVITALE: birth name, first birth name, sex, birth date, birth place when known."""
    root = etree.Element(f"{{{BY_TRAITS}}}RECSANSVITALE", nsmap={"insi": BY_TRAITS})
    _add(root, "NomNaissance", traits.birth_name)
    _add(root, "Prenom", traits.first_name)
    _add(root, "Sexe", traits.sex.value)
    _add(root, "DateNaissance", _dashed(traits.birth_date))
    if traits.birth_place:
        _add(root, "LieuNaissance", traits.birth_place)
    return root


def vitale_question(beneficiary: Beneficiary) -> Element:
    """RECVITALE: own matricule when certified, the insured person's, birth name, birth date, birth rank."""
    root = etree.Element(f"{{{BY_VITALE}}}RECVITALE", nsmap={"insi": BY_VITALE})
    if beneficiary.own_nir:
        _matricule(root, "MatriculeIndividu", beneficiary.own_nir)
    _matricule(root, "MatriculeOD", beneficiary.nir)
    _add(root, "NomNaissance", beneficiary.birth_name)
    _add(root, "DateNaissance", _dashed(beneficiary.birth_date))
    _add(root, "RangNaissance", str(beneficiary.birth_rank))
    return root


def _add(parent: Element, name: str, value: str = "") -> Element:
    child = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")
    child.text = clean(value) or None
    return child


def _matricule(parent: Element, name: str, nir: str) -> None:
    matricule = _add(parent, name)
    _add(matricule, "NumIdentifiant", nir[:13])
    _add(matricule, "Cle", nir[13:])


def _dashed(birth_date: str) -> str:
    return f"{birth_date[:4]}-{birth_date[4:6]}-{birth_date[6:8]}"


def contexts(sender: Sender, now: datetime) -> tuple[Element, Element]:
    """The headers ContexteBAM (no coverage data) and ContexteLPS (who we are)."""
    bam = etree.Element(f"{{{BAM_CONTEXT}}}ContexteBAM", Version="01_02", nsmap={"ctxbam": BAM_CONTEXT})
    _context(bam, sender, now)
    _add(bam, "COUVERTURE")
    lps = etree.Element(
        f"{{{LPS_CONTEXT}}}ContexteLPS", Nature="CTXLPS", Version="01_00", nsmap={"ctxlps": LPS_CONTEXT}
    )
    _context(lps, sender, now)
    software = _add(lps, "LPS")
    _add(software, "IDAM", sender.software.homologation_id).set("R", "4")
    _add(software, "Version", sender.software.version)
    _add(software, "Instance", sender.software.installation_id)
    _add(software, "Nom", sender.software.name)
    return bam, lps


def _context(parent: Element, sender: Sender, now: datetime) -> None:
    _add(parent, "Id", str(uuid4()))
    _add(parent, "Temps", instant(now))
    _add(parent, "Emetteur", sender.professional.national_id)


def read(answer: Element) -> InsiAnswer:
    """The one person found. Raises InsiNotFound, InsiSeveralFound, InsiRefused, MalformedAnswer."""
    result = next(all_named(answer, "CR"), None)
    code = text(result, "CodeCR")
    if code == "01":
        raise InsiNotFound
    if code == "02":
        raise InsiSeveralFound
    if code != "00":
        raise InsiRefused(Fault("CR", code, text(result, "LibelleCR")[:500]))
    people = list(all_named(answer, "INDIVIDU"))
    if len(people) != 1:
        raise MalformedAnswer("one INDIVIDU expected")
    try:
        return InsiAnswer(_ins(required(people[0], "INSACTIF")), _traits(required(people[0], "TIQ")))
    except (InvalidInput, ValueError) as error:
        raise MalformedAnswer(f"INDIVIDU: {type(error).__name__}") from None


def _ins(active: Element) -> Ins:
    number = required(active, "IdIndividu")
    return Ins(text(number, "NumIdentifiant") + text(number, "Cle"), text(active, "OID"))


def _traits(traits: Element) -> StrictTraits:
    return StrictTraits(
        birth_name=text(traits, "NomNaissance"),
        birth_first_names=tuple((text(traits, "ListePrenom") or text(traits, "Prenom")).split()),
        birth_date=text(traits, "DateNaissance").replace("-", ""),
        sex=Sex(text(traits, "Sexe")),
        birth_place=text(traits, "LieuNaissance"),
    )
