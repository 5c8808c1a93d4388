"""What patients choose in their space; and rights that change while a professional reads."""

import pytest
import requests
from lxml import html

from demonstration import people
from praticien.access import DossierState
from reference_server.faults.meanwhile import Meanwhile
from reference_server.faults.panel import RIGHTS, Faults, Panel
from reference_server.patient_acts import Act, ActRefused, perform
from reference_server.storage import documents, traces
from reference_server.storage.tables import PersonRow
from tests.reference_server.client import Words
from tests.reference_server.conftest import start
from tests.reference_server.deposits import Deposit, send
from tests.reference_server.test_clocks import being_created
from tests.reference_server.test_secret import secret

NORA, SOLO, TOM, LINA = people.NORA.ins, people.SOLO.ins, people.TOM.ins, people.LINA.ins


def act(desk, ins, what, target=""):
    with desk.database.transaction() as session:
        perform(session, session.get(PersonRow, ins.matricule), what, target, desk.moment[0])


@pytest.mark.parametrize("days,possible", [(0, True), (41, True), (42, False)])
def test_opposition_within_the_six_weeks(make_desk, days, possible):
    desk = make_desk(seeds=(being_created(days),))
    if possible:
        act(desk, TOM, Act.OPPOSE_CREATION)
        desk.later(days=400)
        desk.turn()
        assert state(desk, TOM) == "absent"
        act(desk, TOM, Act.ALLOW_CREATION)  # told anew, six weeks again
        desk.later(days=41)
        desk.turn()
        assert state(desk, TOM) == "absent"
        desk.later(days=1)
        desk.turn()
    else:
        with pytest.raises(ActRefused):
            act(desk, TOM, Act.OPPOSE_CREATION)
        desk.turn()
    assert state(desk, TOM) == "active"


def state(desk, ins):
    with desk.database.reading() as session:
        return session.get(PersonRow, ins.matricule).state


def test_closed_and_reopened_within_ten_years(make_desk, gp):
    desk = make_desk()
    act(desk, NORA, Act.CLOSE)
    assert desk.client(gp).find(NORA).subcode == "DMPClosed"
    with pytest.raises(ActRefused):
        act(desk, NORA, Act.CLOSE)
    act(desk, NORA, Act.REOPEN)
    assert desk.client(gp).find(NORA).succeeded
    act(desk, NORA, Act.CLOSE)
    desk.later(days=3700)
    with pytest.raises(ActRefused):
        act(desk, NORA, Act.REOPEN)


def test_blocked_and_unblocked(desk, gp):
    client = desk.client(gp)
    act(desk, NORA, Act.BLOCK, people.GP.national_id)
    assert client.find(NORA).subcode == "DMPBlockedProfessional"
    act(desk, NORA, Act.UNBLOCK, people.GP.national_id)
    assert client.find(NORA).subcode == "DMPAuthorizationMissing"
    assert client.authorise(NORA).status == 200
    assert client.find(NORA).succeeded


def test_masked_and_unmasked(desk, gp, emergency):
    client = desk.client(gp)
    deposit = Deposit(SOLO)
    assert send(client, deposit).succeeded
    with desk.database.reading() as session:
        uuid = documents.by_unique_id(session, deposit.unique_id).entry_uuid
    other = desk.client(emergency)
    assert other.authorise(SOLO).status == 200
    assert client.authorise(SOLO).status == 200
    act(desk, SOLO, Act.MASK, uuid)
    act(desk, SOLO, Act.MASK, uuid)  # twice is once
    assert other.retrieve(SOLO, deposit.unique_id).errors == ["XDSDocumentUniqueIdError"]
    shown = client.find(SOLO).body.findall(".//{*}ExtrinsicObject")  # its author sees it; and it follows the schema
    assert [one.find("{*}VersionInfo").get("versionName") for one in shown if one.get("id") == uuid] == ["2"]
    act(desk, SOLO, Act.UNMASK, uuid)
    assert other.retrieve(SOLO, deposit.unique_id).succeeded
    for target in ("", "urn:uuid:0", uuid):
        with pytest.raises(ActRefused):
            act(desk, NORA, Act.MASK, target)


@pytest.mark.parametrize("mode,refuse,allow", [
    ("bris_de_glace", Act.REFUSE_BREAK_GLASS, Act.ALLOW_BREAK_GLASS),
    ("centre_15", Act.REFUSE_REGULATION, Act.ALLOW_REGULATION),
])  # fmt: skip
def test_emergencies_are_refused_separately(desk, emergency, mode, refuse, allow):
    client = desk.client(emergency)
    others = {"bris_de_glace": "centre_15", "centre_15": "bris_de_glace"}
    act(desk, SOLO, refuse)
    refused = client.find(SOLO, Words(SOLO, mode=mode, reason="essai"))
    assert refused.rule in ("emergency.break_glass_opposed", "emergency.regulation_opposed")
    assert client.find(SOLO, Words(SOLO, mode=others[mode], reason="essai")).succeeded
    act(desk, SOLO, allow)
    assert client.find(SOLO, Words(SOLO, mode=mode, reason="essai")).succeeded


def test_masked_documents_in_an_emergency_as_the_patient_says(desk, gp, emergency):
    deposit, words = Deposit(SOLO, visibility=("MASQUE_PS",)), Words(SOLO, mode="bris_de_glace", reason="essai")
    assert send(desk.client(gp), deposit).succeeded
    client = desk.client(emergency)
    for what, seen in ((Act.HIDE_MASKED, False), (Act.SHOW_MASKED, True)):
        act(desk, SOLO, what)
        assert client.retrieve(SOLO, deposit.unique_id, words=words).succeeded is seen


def test_every_choice_is_traced(desk):
    act(desk, NORA, Act.REFUSE_REGULATION)
    (row,) = desk.history(NORA)
    assert (row.transaction, row.actor, row.actor_name, row.matricule) == (
        "patient.refuse_regulation", "", "Patient", NORA.matricule
    )  # fmt: skip


# -- the page -------------------------------------------------------------------------------------------------------


def page(world, ins):
    got = requests.get(f"{world.server.patient_url}{ins.matricule}/choix", timeout=10)
    assert got.status_code == 200
    return html.fromstring(got.text)


def press(world, ins, label):
    """What a browser sends when that button is pressed."""
    (form,) = [one for one in page(world, ins).forms if one.xpath(f".//button[text()='{label}']")]
    url = f"{world.server.patient_url}{ins.matricule}/{form.action}"
    return requests.post(url, data=dict(form.form_values()), timeout=10)


def test_buttons_of_the_page(world, gp, emergency):
    client, ins = world.client(emergency), people.UNCONSCIOUS.ins
    words = Words(ins, mode="centre_15", reason="appel")
    assert "Refuser" in press(world, ins, "Fermer mon dossier").text
    assert client.find(ins, words).subcode == "DMPClosed"
    assert press(world, ins, "Rouvrir mon dossier").status_code == 200
    url = f"{world.server.patient_url}{ins.matricule}/choix"
    assert requests.post(url, data={"act": "patient.refuse_regulation"}, timeout=10).status_code == 200
    assert client.find(ins, words).subcode == "DMPRegulationOpposed"
    assert press(world, ins, "Accepter").status_code == 200
    assert client.find(ins, words).succeeded
    history = [one["act"] for one in world.page(ins)["history"]]
    assert "Réouverture du dossier" in history


IMPOSSIBLE = (
    {},
    {"act": "patient.unknown"},
    {"act": "patient.mask", "target": "x"},
    {"act": "patient.reopen"},
    {"act": "patient.block", "target": "<script>"},
)


@pytest.mark.parametrize("fields", IMPOSSIBLE)
def test_impossible_choices_say_so(world, fields):
    url = f"{world.server.patient_url}{SOLO.matricule}/choix"
    answer = requests.post(url, data=fields, timeout=10)
    assert answer.status_code == 409
    assert "n’est pas possible" in html.fromstring(answer.text).xpath("string(//*[@role='alert'])")
    unknown = url.replace(SOLO.matricule, "2" * 15)
    assert requests.post(unknown, data={"act": "patient.close"}, timeout=10).status_code == 404
    assert requests.get(unknown, timeout=10).status_code == 404


def test_page_lists_no_document_that_the_space_hides(world, gp):
    client = world.client(gp)
    seen, unseen = Deposit(LINA, title="Titre connu"), Deposit(LINA, title="Titre inconnu")
    assert send(client, seen).succeeded
    hidden = Deposit(LINA, title=unseen.title, visibility=("INVISIBLE_REPRESENTANTS_LEGAUX",))
    assert send(client, hidden, words=secret()).succeeded
    text = page(world, LINA).text_content()
    assert "Titre connu" in text
    assert "Titre inconnu" not in text
    assert not page(world, LINA).xpath("//script")


# -- in mid-consultation --------------------------------------------------------------------------------------------

AFTERWARDS = {
    "withdrawn": ("DMPAuthorizationMissing", "NON_EXISTE"),
    "blocked": ("DMPBlockedProfessional", "INTERDIT"),
    "closed": ("DMPClosed", None),
    "masked": ("", None),
}


def authorisation(answer):
    return answer.body.find("{urn:hl7-org:v3}attentionLine/{urn:hl7-org:v3}value").get("code")


@pytest.mark.parametrize("change", sorted(RIGHTS))
def test_rights_change_between_the_list_and_the_document(keys, tmp_path, gp, emergency, change):
    made = start(keys, tmp_path / "s", faults=True)
    deposit, client = Deposit(SOLO), made.client(emergency)
    try:
        assert send(made.client(gp), deposit).succeeded
        assert client.authorise(SOLO).status == 200
        assert requests.post(made.server.operator_url + "faults", data={"rights": change}, timeout=10).ok
        assert client.status(SOLO).status == 200  # no list yet: nothing changes
        assert client.find(SOLO).succeeded
        refused, state_now = client.retrieve(SOLO, deposit.unique_id), client.status(SOLO)
        subcode, standing = AFTERWARDS[change]
        assert refused.subcode == subcode
        assert not refused.succeeded
        assert standing in (None, authorisation(state_now))
        if change == "masked":
            assert refused.errors == ["XDSDocumentUniqueIdError"]
        if change == "closed":
            assert made.page(SOLO)["state"] == DossierState.CLOSED.value
        assert requests.get(made.server.operator_url + "state.json", timeout=10).json()["faults"]["rights"] == ""
        assert made.page(SOLO)["history"][2]["who"] == "Patient"
    finally:
        made.close()


def test_refused_list_changes_nothing_and_chain_holds(make_desk, gp):
    desk = make_desk()
    panel = Panel()
    panel.set(Faults(rights="blocked"))
    desk.dispatcher._meanwhile = Meanwhile(panel)
    client = desk.client(gp)
    assert client.find(SOLO).rule == "authorisation.none"
    assert panel.faults.rights == "blocked"
    assert client.find(NORA).succeeded
    assert client.find(NORA).subcode == "DMPBlockedProfessional"
    with desk.database.reading() as session:
        assert traces.first_broken_link(session) is None
