"""The patient's page: what is told, in French, without script, under a secret path."""

from dataclasses import replace

import pytest
import requests
from lxml import html

from demonstration import people
from praticien.identity import Sex, StrictTraits
from reference_server.patient_page import PatientPages
from tests.reference_server.client import Words
from tests.reference_server.deposits import Deposit, send

INS = people.OPPOSED.ins
WHY = "Patient inconscient – <b>chute</b> & malaise"


def got(url):
    with requests.get(url, timeout=10) as response:
        return response.status_code, response.headers.get("Content-Type", ""), response.text


def test_refused_emergency_is_seen_by_the_patient(world, emergency):
    words = Words(INS, mode="bris_de_glace", reason=WHY)
    assert world.client(emergency).find(INS, words).subcode == "DMPBreakGlassOpposed"
    page = world.page(INS)
    seen = page["history"][0]
    assert seen["who"] == "Dr Karim TESTURGENCE"
    assert seen["structure"] == people.HOPITAL.name
    assert (seen["mode"], seen["reason"], seen["outcome"]) == ("bris_de_glace", WHY, "refused")
    assert (seen["rule"], seen["article"]) == ("emergency.break_glass_opposed", "CSP R.1111-48")
    assert "l’accès a été refusé" in page["notifications"][0]["text"]
    status, kind, text = got(world.server.patient_url + INS.matricule)
    assert status == 200
    assert kind.startswith("text/html")
    tree = html.fromstring(text)
    words_shown = " ".join(tree.text_content().split())
    for expected in ("Refusé", "Bris de glace", "R.1111-48", people.OPPOSED.traits.birth_name, WHY):
        assert expected in words_shown
    assert not tree.xpath("//script | //b[text()='chute'] | //@onclick")


def test_index_lists_everybody_and_leads_to_each(world):
    status, _, text = got(world.server.patient_url)
    assert status == 200
    links = html.fromstring(text).xpath("//td/a/@href")
    assert sorted(links) == sorted(seed.ins.matricule for seed in people.DOSSIERS)
    for link in links:
        assert got(world.server.patient_url + link)[0] == 200
    assert "terminated" in got(world.server.patient_url + "index.json")[2]


def test_secret_path_and_unknown_patients(world):
    base = world.server.patient_url
    root = base[: base.index("/", len("http://"))]
    for url in (root, f"{root}/", f"{root}/{INS.matricule}", f"{root}/jeton/{INS.matricule}", base + "2" * 15):
        assert got(url)[0] == 404
    assert len(base.rstrip("/").rpartition("/")[2]) >= 32


def test_titles_of_what_the_patient_may_not_see_yet_stay_hidden(world, gp):
    ins = people.NORA.ins
    client = world.client(gp)
    assert send(client, Deposit(ins, title="Annonce difficile", visibility=("INVISIBLE_PATIENT",))).succeeded
    assert send(client, Deposit(ins, title="Ordonnance ordinaire")).succeeded
    text = got(world.server.patient_url + ins.matricule)[2]
    assert "Ordonnance ordinaire" in text
    assert "Annonce difficile" not in text
    assert "Annonce difficile" not in got(f"{world.server.patient_url}{ins.matricule}.json")[2]


def test_message_to_the_treating_physician_is_apart(world, emergency):
    ins = people.NORA.ins
    assert world.client(emergency).find(ins, Words(ins, mode="bris_de_glace", reason="chute")).succeeded
    page = world.page(ins)
    (told,) = page["treating_physician_notifications"]
    assert told["recipient"] == people.GP.national_id
    assert told["text"] in [one["text"] for one in page["notifications"]]
    assert "Messages envoyés au médecin traitant" in got(world.server.patient_url + ins.matricule)[2]


@pytest.mark.parametrize("path", ["index.html", "patient.html"])
def test_names_are_escaped(make_desk, path):
    traits = StrictTraits("TEST<i>", ("A & B",), "20000101", Sex.MALE)
    desk = make_desk(seeds=(replace(people.SOLO, traits=traits),))
    pages = PatientPages(desk.database, None)
    data = pages._everyone() if path == "index.html" else pages._one(people.SOLO.ins.matricule)
    shown = pages._templates.get_template(path).render(data=data)
    assert "TEST&lt;i&gt; A &amp; B" in shown
