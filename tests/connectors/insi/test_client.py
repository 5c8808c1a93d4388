"""INSi: what is asked, and the one person, none or several that come back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from connectors import errors
from connectors.insi import client
from connectors.insi.client import InsiClient
from demonstration import people
from praticien.identity import StrictTraits
from praticien.vitale import Beneficiary, BeneficiaryQuality
from tests.connectors.support import SOAP, Answering, FakeServer, envelope, fault, soap

NORA = people.VITALES["vitale-famille"].beneficiaries[0]
TRAITS = people.NORA.traits


def found(code: str = "00", *, people_found: int = 1, number: str = people.NORA.ins.matricule) -> str:
    person = f"""<INDIVIDU><INSACTIF><IdIndividu><NumIdentifiant>{number[:13]}</NumIdentifiant><Cle>{number[13:]}</Cle>
      </IdIndividu><OID>{people.NORA.ins.oid}</OID></INSACTIF><INSHISTO><IdIndividu><NumIdentifiant>1</NumIdentifiant>
      </IdIndividu></INSHISTO><TIQ><NomNaissance>TESTFAMILLE</NomNaissance><ListePrenom>NORA LISE</ListePrenom>
      <Sexe>F</Sexe><DateNaissance>1984-06-21</DateNaissance><LieuNaissance>99999</LieuNaissance></TIQ></INDIVIDU>"""
    return f"""<RESULTAT xmlns="http://www.cnamts.fr/INSiResultat"><CR><CodeCR>{code}</CodeCR>
      <LibelleCR>libellé</LibelleCR></CR>{person * people_found}</RESULTAT>"""


def told(question: etree._Element) -> dict[str, str]:
    return {etree.QName(e).localname: "".join(e.itertext()) for e in question}


def test_one_person(insi: InsiClient, server: FakeServer) -> None:
    server.serve(soap(found()))
    for answer in (insi.by_traits(TRAITS), insi.by_vitale(NORA)):
        assert answer.ins == people.NORA.ins
        expected = StrictTraits("TESTFAMILLE", ("NORA", "LISE"), "19840621", TRAITS.sex, "99999")
        assert answer.traits == expected


def test_the_question_by_traits(insi: InsiClient, server: FakeServer) -> None:
    server.serve(soap(found()))
    insi.by_traits(TRAITS)
    question = server.received[0].content
    assert question.tag == "{http://www.cnamts.fr/INSiRecSans}RECSANSVITALE"
    assert told(question) == {
        "NomNaissance": "TESTFAMILLE",
        "Prenom": "NORA",
        "Sexe": "F",
        "DateNaissance": "1984-06-21",
        "LieuNaissance": "99999",
    }
    assert "LieuNaissance" not in told(client.traits_question(replace(TRAITS, birth_place="")))


def test_a_lunar_date_leaves_unchanged() -> None:
    assert told(client.traits_question(replace(TRAITS, birth_date="19841300")))["DateNaissance"] == "1984-13-00"


def test_the_question_by_vitale(insi: InsiClient, server: FakeServer) -> None:
    server.serve(soap(found()))
    insi.by_vitale(people.VITALES["vitale-famille"].beneficiaries[1])
    question = server.received[0].content
    assert question.tag == "{http://www.cnamts.fr/INSiRecVit}RECVITALE"
    assert told(question) == {
        "MatriculeIndividu": people.YANN.ins.matricule,
        "MatriculeOD": people.NORA.ins.matricule,
        "NomNaissance": "TESTCONJOINT",
        "DateNaissance": "1982-11-30",
        "RangNaissance": "1",
    }


def test_without_a_certified_number_no_own_matricule() -> None:
    child: Beneficiary = replace(NORA, certified_nir="", quality=BeneficiaryQuality.CHILD)
    assert "MatriculeIndividu" not in told(client.vitale_question(child))


def test_the_headers_say_who_asks(insi: InsiClient, server: FakeServer) -> None:
    server.serve(soap(found()))
    insi.by_traits(TRAITS)
    (received,) = server.received
    header = received.envelope.find(f"{{{SOAP}}}Header")
    bam, lps = header.find(f"{{{client.BAM_CONTEXT}}}*"), header.find(f"{{{client.LPS_CONTEXT}}}*")
    assert (bam.get("Version"), lps.get("Version"), lps.get("Nature")) == ("01_02", "01_00", "CTXLPS")
    assert lps.findtext("{*}LPS/{*}Nom") == "Praticien TEST"
    assert received.path == "/insi"
    assert 'action="urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"' in received.content_type
    assert not list(header.iter("{*}resource-id"))


def test_an_answer_without_addressing_is_taken(insi: InsiClient, server: FakeServer) -> None:
    server.serve(lambda _: Answering(envelope(found(), None)))
    assert insi.by_traits(TRAITS).ins == people.NORA.ins


def test_an_answer_to_another_question_is_not(insi: InsiClient, server: FakeServer) -> None:
    server.serve(lambda _: Answering(envelope(found(), "urn:uuid:autre")))
    with pytest.raises(errors.UnrelatedAnswer):
        insi.by_traits(TRAITS)


@pytest.mark.parametrize(
    "answer, code",
    [
        (found("01", people_found=0), "insi.none"),
        (found("02", people_found=0), "insi.several"),
        (found("99"), "insi.refused"),
        (found(people_found=0), "answer.malformed"),
        (found(people_found=2), "answer.malformed"),
        (found(number="284069999920200"), "answer.malformed"),
        (found().replace("<Sexe>F</Sexe>", "<Sexe>?</Sexe>"), "answer.malformed"),
        ("<rien/>", "insi.refused"),
    ],
)
def test_nobody_several_or_nonsense(insi: InsiClient, server: FakeServer, answer: str, code: str) -> None:
    server.serve(soap(answer))
    with pytest.raises((errors.Refused, errors.WireProblem)) as caught:
        insi.by_traits(TRAITS)
    assert caught.value.code == code


def test_a_fault_keeps_the_innermost_code(insi: InsiClient, server: FakeServer) -> None:
    content = (
        "<S:Fault><S:Code><S:Value>S:Sender</S:Value><S:Subcode><S:Value>siram:siram_100</S:Value><S:Subcode>"
        "<S:Value>desir_550</S:Value></S:Subcode></S:Subcode></S:Code><S:Reason><S:Text>refus</S:Text></S:Reason></S:Fault>"
    )
    server.serve(soap(content))
    with pytest.raises(errors.InsiRefused) as caught:
        insi.by_traits(TRAITS)
    assert (caught.value.fault.code, caught.value.fault.subcode) == ("Sender", "desir_550")


def test_a_refusal_known_by_name_stays_itself(insi: InsiClient, server: FakeServer) -> None:
    server.serve(fault("DMPInvalidVIHF"))
    with pytest.raises(errors.InvalidVihf):
        insi.by_traits(TRAITS)
