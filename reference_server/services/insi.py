"""INSi: a matricule by Vitale data or by traits. Facts: protocol 5.

Requests are read by local name (their namespace is not public); the context headers must be there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from lxml import etree
from sqlalchemy import select

from reference_server import names, xml
from reference_server.errors import BadRequest
from reference_server.exchange import Answer, Exchange
from reference_server.names import q
from reference_server.services import Handler
from reference_server.storage.tables import PersonRow
from reference_server.vihf_content import Audience
from reference_server.xml import Element

BY_VITALE = "rechercherInsAvecCarteVitale"
BY_TRAITS = "rechercherInsAvecTraitsIdentite"
_ACTION = "urn:ServiceIdentiteCertifiee:1.0.0:"
_LABELS = {"00": "OK", "01": "Aucune identité trouvée", "02": "Plusieurs identités trouvées"}
_NIA = "1.2.250.1.213.1.4.9"

Person = Callable[[PersonRow], bool]


def by_vitale(exchange: Exchange) -> Answer:
    """By the beneficiary's own NIR, birth name, birth date and birth rank, as the card gives them."""
    exchange.trace.transaction = BY_VITALE
    request = exchange.payload
    nir = "".join(_required(request, "MatriculeIndividu").split())
    name, born = _plain(_required(request, "NomNaissance")), _date(request)
    rank = xml.local_text(request, "RangNaissance") or "1"
    return _answer(
        exchange,
        BY_VITALE,
        lambda row: (
            row.matricule[: len(nir)] == nir
            and len(nir) in (13, 15)
            and _plain(row.birth_name) == name
            and row.birth_date == born
            and str(row.birth_rank) == rank
        ),
    )


def by_traits(exchange: Exchange) -> Answer:
    """By birth name, one birth first name, sex, birth date, and birth place when given."""
    exchange.trace.transaction = BY_TRAITS
    request = exchange.payload
    name, first = _plain(_required(request, "NomNaissance")), _plain(_required(request, "Prenom"))
    sex, born = _required(request, "Sexe"), _date(request)
    place = xml.local_text(request, "LieuNaissance")
    return _answer(
        exchange,
        BY_TRAITS,
        lambda row: (
            _plain(row.birth_name) == name
            and first in {_plain(one) for one in (*row.first_names, " ".join(row.first_names))}
            and row.sex == sex
            and row.birth_date == born
            and (not place or row.birth_place == place)
        ),
    )


def _required(request: Element, name: str) -> str:
    value = xml.local_text(request, name)
    if not value:
        raise BadRequest("InsiInvalidRequest", f"{name} est obligatoire")
    return value


def _date(request: Element) -> str:
    """AAAAMMJJ from AAAA-MM-JJ."""
    value = _required(request, "DateNaissance").replace("-", "")
    if len(value) != 8 or not value.isdigit():
        raise BadRequest("InsiInvalidRequest", "DateNaissance doit être AAAA-MM-JJ")
    return value


def _plain(text: str) -> str:
    """Upper case without accents; hyphens and apostrophes as blanks."""
    letters = unicodedata.normalize("NFKD", text).upper()
    kept = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.split())


def _answer(exchange: Exchange, operation: str, selects: Person) -> Answer:
    rows = [row for row in exchange.session.scalars(select(PersonRow)) if selects(row)]
    code = "00" if len(rows) == 1 else "02" if rows else "01"
    exchange.trace.rule = f"insi.{code}"
    exchange.trace.matricule = rows[0].matricule if code == "00" else ""
    root = etree.Element(_insi("RESULTAT"), nsmap={None: names.INSI_RESULT})
    result = xml.add(root, _insi("CR"))
    xml.add(result, _insi("CodeCR"), code)
    xml.add(result, _insi("LibelleCR"), _LABELS[code])
    if code == "00":
        _individual(root, rows[0])
    return Answer(root, f"{_ACTION}{operation}Response")


def _insi(name: str) -> str:
    return q(names.INSI_RESULT, name)


def _individual(root: Element, row: PersonRow) -> None:
    individual = xml.add(root, _insi("INDIVIDU"))
    active = xml.add(individual, _insi("INSACTIF"))
    identifier = xml.add(active, _insi("IdIndividu"))
    xml.add(identifier, _insi("NumIdentifiant"), row.matricule[:13])
    xml.add(identifier, _insi("Cle"), row.matricule[13:])
    xml.add(identifier, _insi("TypeMatricule"), "NIA" if row.oid == _NIA else "NIR")
    xml.add(active, _insi("OID"), row.oid)
    traits = xml.add(individual, _insi("TIQ"))
    born = f"{row.birth_date[:4]}-{row.birth_date[4:6]}-{row.birth_date[6:]}"
    values = {
        "NomNaissance": row.birth_name,
        "Prenom": row.first_names[0],
        "ListePrenom": " ".join(row.first_names),
        "Sexe": row.sex,
        "DateNaissance": born,
        "LieuNaissance": row.birth_place,
    }
    for name, value in values.items():
        xml.add(traits, _insi(name), value)


_BY_NAME = {
    BY_VITALE.casefold(): Handler(_ACTION + BY_VITALE, by_vitale, audience=Audience.INSI),
    BY_TRAITS.casefold(): Handler(_ACTION + BY_TRAITS, by_traits, audience=Audience.INSI),
}


def handler(action: str, header: Element) -> Handler | None:
    """The handler of an INSi request, whose body's namespace is not public: found by its action.

    Raises BadRequest when a context header is missing.
    """
    found = _BY_NAME.get(action.rpartition(":")[2].casefold())
    for namespace in (names.BAM_CONTEXT, names.LPS_CONTEXT):
        if found and not any(etree.QName(block).namespace == namespace for block in xml.children(header)):
            raise BadRequest("InsiContextMissing", "un en-tête de contexte (ContexteBAM, ContexteLPS) manque")
    return found
