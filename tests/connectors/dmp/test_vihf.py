"""The VIHF: what it says for each card and mode, and who verifies it."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from connectors.dmp import vihf
from connectors.dmp.sender import Sender
from connectors.dmp.vihf import HL7, SAML, Assertions
from connectors.soap import envelope
from connectors.soap.envelope import Request
from demonstration import people
from demonstration.authority import TestAuthority
from praticien.access import NORMAL, Access, AccessMode, EmergencyReason
from tests.connectors.conftest import sender_of
from tests.connectors.support import SoftwareSigner
from tests.connectors.xmlsec import needs_xmlsec1, verifies

NOW = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
BREAK_GLASS = Access(AccessMode.BREAK_GLASS, EmergencyReason.UNCONSCIOUS, "amené par les pompiers", NOW)


def values(assertion: etree._Element) -> dict[str, list[str]]:
    """Attribute values by name; a coded value reads ``code^system``."""
    found: dict[str, list[str]] = {}
    for attribute in assertion.iter(f"{{{SAML}}}Attribute"):
        told = found.setdefault(attribute.get("Name"), [])
        for value in attribute:
            coded = value.find(f"{{{HL7}}}*")
            told.append(value.text if coded is None else f"{coded.get('code')}^{coded.get('codeSystem')}")
    return found


def test_a_physician_in_normal_mode(sender: Sender) -> None:
    told = values(vihf.build(sender, people.NORA.ins, NORMAL, NOW))
    assert told == {
        "VIHF_Version": ["3.0"],
        "Authentification_Mode": ["DIRECTE"],
        "Identifiant_Structure": [people.LILAS.national_id],
        "Secteur_Activite": ["SA07^1.2.250.1.71.4.2.4"],
        vihf.SUBJECT_ID: ["TESTMED Jeanne"],
        vihf.ROLE: ["10^1.2.250.1.71.1.2.7", "SM54^1.2.250.1.71.4.2.5"],
        vihf.RESOURCE_ID: [people.NORA.ins.cx],
        "Ressource_URN": ["urn:dmp"],
        vihf.PURPOSE_OF_USE: ["normal^1.2.250.1.213.1.1.4.248"],
        "LPS_Nom": ["Praticien TEST"],
        "LPS_Version": ["0.1"],
        "LPS_ID": ["INSTALLATION-FICTIVE"],
        "LPS_ID_HOMOLOGATION_DMP": ["FICTIF-0000"],
    }


def test_staff_has_one_role(signer: SoftwareSigner) -> None:
    told = values(vihf.build(sender_of("cpe-secretaire", signer), None, NORMAL, NOW))
    assert told[vihf.ROLE] == ["SECRETARIAT_MEDICAL^1.2.250.1.213.1.1.4.6"]


def test_no_patient_no_resource(sender: Sender) -> None:
    assert vihf.RESOURCE_ID not in values(vihf.build(sender, None, NORMAL, NOW))


@pytest.mark.parametrize("mode", list(AccessMode))
def test_each_mode_says_its_purpose_and_reason(sender: Sender, mode: AccessMode) -> None:
    told = values(vihf.build(sender, people.NORA.ins, replace(BREAK_GLASS, mode=mode), NOW))
    assert told[vihf.PURPOSE_OF_USE] == [f"{mode.value}^1.2.250.1.213.1.1.4.248"]
    assert told.get(vihf.REASON) == (
        None if mode is AccessMode.NORMAL else ["Patient inconscient – amené par les pompiers"]
    )


def test_the_skeleton(sender: Sender) -> None:
    assertion = vihf.build(sender, people.NORA.ins, NORMAL, NOW)
    names = [etree.QName(child).localname for child in assertion]
    assert names == ["Issuer", "Signature", "Subject", "AuthnStatement", "AttributeStatement"]
    assert assertion.get("IssueInstant") == "2026-11-22T09:30:00.123Z"
    assert assertion.find(f".//{{{SAML}}}NameID").text == people.GP.national_id
    assert assertion.find(f"{{{SAML}}}AuthnStatement").get("AuthnInstant") == "2026-11-22T08:00:00.000Z"
    assert assertion.find(f"{{{SAML}}}Issuer").text == (
        "2.5.4.42=#0c064a65616e6e65+2.5.4.4=#0c07544553544d4544+CN=899700000123,2.5.4.12=#0c084dc3a9646563696e,C=FR"
    )


@needs_xmlsec1
def test_xmlsec1_verifies_it_alone_and_inside_its_envelope(
    sender: Sender, authority: TestAuthority, tmp_path: Path
) -> None:
    assertion = vihf.build(sender, people.NORA.ins, BREAK_GLASS, NOW)
    alone = etree.tostring(assertion)
    carried, _ = envelope.write(Request("urn:a", etree.Element("question"), assertion), "https://localhost/")
    name = f"{SAML}:Assertion"
    assert verifies(tmp_path, alone, authority.bundle_pem, id_attribute=name)
    assert verifies(tmp_path, carried, authority.bundle_pem, id_attribute=name)
    assert not verifies(tmp_path, carried.replace(b"bris_de_glace", b"normal"), authority.bundle_pem, id_attribute=name)


def test_one_assertion_serves_a_few_minutes_for_one_patient_and_mode(sender: Sender, signer: SoftwareSigner) -> None:
    now = [NOW]
    assertions = Assertions(sender, lambda: now[0])
    first = assertions.about(people.NORA.ins, NORMAL)
    assert assertions.about(people.NORA.ins, NORMAL) is not first
    assert signer.signatures == 1
    for patient, access in ((people.SOLO.ins, NORMAL), (people.SOLO.ins, BREAK_GLASS), (None, NORMAL)):
        assertions.about(patient, access)
    assert signer.signatures == 4
    now[0] += timedelta(minutes=5)
    assertions.about(None, NORMAL)
    assert signer.signatures == 5
    now[0] -= timedelta(hours=1)  # the clock was set back
    assertions.about(None, NORMAL)
    assert signer.signatures == 6


def test_the_assertion_used_again_is_of_the_right_patient(sender: Sender) -> None:
    assertions = Assertions(sender, lambda: NOW)
    for patient in (people.NORA.ins, people.SOLO.ins, people.NORA.ins):
        assert values(assertions.about(patient, NORMAL))[vihf.RESOURCE_ID] == [patient.cx]


def test_nothing_of_the_patient_reaches_a_debug_log(sender: Sender, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        vihf.build(sender, people.NORA.ins, BREAK_GLASS, NOW)
    assert people.NORA.ins.matricule not in caplog.text
    assert caplog.records == []


def test_a_minors_secret_connection(sender: Sender) -> None:
    """Said for the whole connection, and never by the assertion of an ordinary one."""
    told = values(vihf.build(sender, people.LINA.ins, Access(secret=True), NOW))
    assert told[vihf.SECRECY] == ["INVISIBLE_REPRESENTANTS_LEGAUX^1.2.250.1.213.1.1.4.13"]
    assert vihf.SECRECY not in values(vihf.build(sender, people.LINA.ins, NORMAL, NOW))
    assertions = Assertions(sender, lambda: NOW)
    kept = [vihf.SECRECY in values(assertions.about(people.LINA.ins, Access(secret=one))) for one in (False, True)]
    assert kept == [False, True]
