"""INSi: one, none, several; by traits and by Vitale; what is missing."""

from dataclasses import replace

import pytest

from demonstration import people
from praticien.identity import Ins, InsOid, nir_key
from tests.reference_server.client import NS, Words

SOLO = people.SOLO
BAM = '<b:ContexteBAM xmlns:b="urn:siram:bam:ctxbam" Version="01_02"/>'
LPS = '<l:ContexteLPS xmlns:l="urn:siram:lps:ctxlps" Version="01_00"/>'
ACTION = "urn:ServiceIdentiteCertifiee:1.0.0:"
TRAITS = {"NomNaissance": "TESTEXEMPLE", "Prenom": "ZOÉ", "Sexe": "F", "DateNaissance": "1987-03-12"}
VITALE = {
    "MatriculeIndividu": SOLO.ins.matricule,
    "NomNaissance": "TESTEXEMPLE",
    "DateNaissance": "1987-03-12",
    "RangNaissance": "1",
}
EMPTY = Words(drop=("VIHF_Version", "Ressource_URN", "purpose"))


def asked(desk, bearer, operation, values, headers=BAM + LPS):
    body = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return desk.client(bearer).call("insi", ACTION + operation, f"<D xmlns='urn:d'>{body}</D>", EMPTY, headers)


def by_traits(desk, bearer, **changes):
    return asked(desk, bearer, "rechercherInsAvecTraitsIdentite", TRAITS | changes)


def by_vitale(desk, bearer, **changes):
    values = {name: value for name, value in (VITALE | changes).items() if value}
    return asked(desk, bearer, "rechercherInsAvecCarteVitale", values)


def code(answer):
    assert answer.status == 200, answer.reason
    return answer.body.findtext("i:CR/i:CodeCR", "", NS)


def test_found_with_its_traits(desk, gp):
    answer = by_traits(desk, gp)
    assert code(answer) == "00"
    texts = {one.tag.rpartition("}")[2]: one.text for one in answer.body.iter() if one.text}
    assert texts["NumIdentifiant"] + texts["Cle"] == SOLO.ins.matricule
    assert (texts["TypeMatricule"], texts["OID"]) == ("NIR", InsOid.TEST)
    assert (texts["NomNaissance"], texts["Prenom"], texts["ListePrenom"]) == ("TESTEXEMPLE", "ZOÉ", "ZOÉ LÉA")
    assert (texts["Sexe"], texts["DateNaissance"], texts["LieuNaissance"]) == ("F", "1987-03-12", "99999")


@pytest.mark.parametrize(
    "change,expected",
    [
        ({"NomNaissance": "testexemple"}, "00"),
        ({"Prenom": "zoe"}, "00"),
        ({"Prenom": "Zoé-Léa"}, "00"),
        ({"Prenom": "LEA"}, "00"),
        ({"Prenom": "LOU"}, "01"),
        ({"Sexe": "M"}, "01"),
        ({"DateNaissance": "1987-03-13"}, "01"),
        ({"LieuNaissance": "99999"}, "00"),
        ({"LieuNaissance": "35238"}, "01"),
    ],
)
def test_traits(desk, gp, change, expected):
    assert code(by_traits(desk, gp, **change)) == expected


@pytest.mark.parametrize(
    "change,expected",
    [
        ({}, "00"),
        ({"MatriculeIndividu": SOLO.ins.matricule[:13]}, "00"),
        ({"MatriculeIndividu": f"<n>{SOLO.ins.matricule[:13]}</n> <c>{SOLO.ins.matricule[13:]}</c>"}, "00"),
        ({"MatriculeIndividu": SOLO.ins.matricule[:5]}, "01"),
        ({"MatriculeIndividu": people.NORA.ins.matricule}, "01"),
        ({"RangNaissance": ""}, "00"),
        ({"RangNaissance": "2"}, "01"),
        ({"DateNaissance": "1987-03-13"}, "01"),
        ({"NomNaissance": "AUTRE"}, "01"),
    ],
)
def test_vitale(desk, gp, change, expected):
    assert code(by_vitale(desk, gp, **change)) == expected


def test_several(make_desk, gp):
    twin = Ins("2870399999102" + nir_key("2870399999102"), InsOid.TEST)
    desk = make_desk(seeds=(SOLO, replace(SOLO, ins=twin, birth_rank=2)))
    assert code(by_traits(desk, gp)) == "02"
    assert by_traits(desk, gp).body.find("i:INDIVIDU", NS) is None
    found = by_vitale(desk, gp, MatriculeIndividu=twin.matricule, RangNaissance="2")
    assert found.body.findtext(".//i:NumIdentifiant", "", NS) == twin.matricule[:13]


@pytest.mark.parametrize("headers", ["", BAM, LPS])
def test_context_headers(desk, gp, headers):
    answer = asked(desk, gp, "rechercherInsAvecTraitsIdentite", TRAITS, headers)
    assert answer.subcode == "InsiContextMissing"


@pytest.mark.parametrize("missing", ["NomNaissance", "Prenom", "Sexe", "DateNaissance"])
def test_mandatory_traits(desk, gp, missing):
    answer = asked(desk, gp, "rechercherInsAvecTraitsIdentite", {k: v for k, v in TRAITS.items() if k != missing})
    assert answer.subcode == "InsiInvalidRequest"


@pytest.mark.parametrize("born", ["12/03/1987", "1987-3-12", "hier"])
def test_malformed_date(desk, gp, born):
    assert by_traits(desk, gp, DateNaissance=born).subcode == "InsiInvalidRequest"


def test_unknown_operation(desk, gp):
    assert asked(desk, gp, "autre", TRAITS).subcode == "ActionNotSupported"


def test_signature_is_checked_here_too(desk, gp, emergency):
    answer = asked(desk, replace(gp, tls=emergency.tls), "rechercherInsAvecTraitsIdentite", TRAITS)
    assert answer.subcode == "DMPIdentityMismatch"
