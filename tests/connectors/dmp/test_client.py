"""What comes back from the DMP: answers understood, refusals named, the wrong patient never let through."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from connectors import errors
from connectors.connecting import connecting
from connectors.dmp import ebxml, lot_signature
from connectors.dmp.client import DmpClient
from connectors.dmp.sender import Sender
from connectors.soap import mtom
from connectors.soap.mtom import Attachment
from demonstration import people
from praticien import ports
from praticien.access import NORMAL, Access, AccessMode, Authorisation, DossierState, EmergencyReason
from praticien.errors import EnvironmentProblem
from praticien.metadata import DocumentEntry
from tests.connectors.samples import CONTENT, entry, registered, submission
from tests.connectors.support import (
    SOFTWARE,
    Answering,
    FakeServer,
    Received,
    Responder,
    SoftwareSigner,
    envelope,
    fault,
    in_turn,
    soap,
)


class CardRemoved(EnvironmentProblem):
    code = "card.removed"


RS = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"
STATUS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType"
INS = people.NORA.ins
ENTRY = registered(entry())


# -- TD0.2 ---------------------------------------------------------------------------------------------------------


def demographics(
    *, code: str = "OK", state: str = "active", authorisation: str = "VALIDE", patient: str = INS.matricule
) -> str:
    subject = f"""
      <subject typeCode="SUBJ"><registrationEvent classCode="REG" moodCode="EVN"><statusCode code="active"/>
        <effectiveTime value="20260214"/>
        <subject1 typeCode="SBJ"><patient classCode="PAT">
          <id root="1.2.250.1.213.1.4.2" extension="0000"/><id root="{INS.oid}" extension="{patient}"/>
          <statusCode code="{state}"/>
          <patientPerson><name><family qualifier="SP">USUEL</family></name>
            <name><given>NORA</given><given>LISE</given><family qualifier="BR">TESTFAMILLE</family></name>
            <administrativeGenderCode code="F"/><birthTime value="19840621"/></patientPerson>
        </patient></subject1>
      </registrationEvent></subject>
      <reasonOf><detectedIssueEvent><code code="FERMETURE_DEMANDE_PATIENT" displayName="Demande"/></detectedIssueEvent>
      </reasonOf>"""
    return f"""<PRPA_IN201308UV02 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0">
      <acknowledgement typeCode="AA"/>
      <attentionLine><keyWordText codeSystem="1.2.250.1.213.4.1.2.6.1">AUTORISATION</keyWordText>
        <value code="{authorisation}" codeSystem="1.2.250.1.213.4.1.2.6.2"/></attentionLine>
      <attentionLine><keyWordText code="STATUT_MT"/><value value="true"/></attentionLine>
      <controlActProcess classCode="CACT" moodCode="EVN">{subject if code == "OK" else ""}
        <queryAck><queryResponseCode code="{code}"/></queryAck></controlActProcess>
    </PRPA_IN201308UV02>"""


@pytest.mark.parametrize("authorisation", list(Authorisation))
def test_an_open_dossier(dmp: DmpClient, server: FakeServer, authorisation: Authorisation) -> None:
    server.serve(soap(demographics(authorisation=authorisation.value)))
    status = dmp.dossier_status(INS, NORMAL)
    assert (status.state, status.authorisation, status.treating_physician) == (DossierState.OPEN, authorisation, True)
    assert (status.closed_on, status.closing_reason) == ("", "")
    assert status.traits is not None
    assert (status.traits.birth_name, status.traits.birth_first_names) == ("TESTFAMILLE", ("NORA", "LISE"))


def test_the_acknowledgement_of_hl7_itself(dmp: DmpClient, server: FakeServer) -> None:
    as_element = '<acknowledgement><typeCode code="AA"/></acknowledgement>'
    server.serve(soap(demographics().replace('<acknowledgement typeCode="AA"/>', as_element)))
    assert dmp.dossier_status(INS, NORMAL).state is DossierState.OPEN


def test_a_closed_dossier(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(soap(demographics(state="terminated")))
    status = dmp.dossier_status(INS, NORMAL)
    assert (status.state, status.closed_on, status.closing_reason) == (DossierState.CLOSED, "20260214", "Demande")


@pytest.mark.parametrize("form", ["low", "high"])
def test_a_closing_date_told_as_an_interval(dmp: DmpClient, server: FakeServer, form: str) -> None:
    told = demographics(state="terminated").replace(
        '<effectiveTime value="20260214"/>', f'<effectiveTime><{form} value="20260214120000"/></effectiveTime>'
    )
    server.serve(soap(told))
    assert dmp.dossier_status(INS, NORMAL).closed_on == "20260214"


def test_no_dossier(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(soap(demographics(code="NF")))
    assert dmp.dossier_status(INS, NORMAL).state is DossierState.ABSENT


def test_traits_told_in_part_are_no_traits(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(soap(demographics().replace('<birthTime value="19840621"/>', "")))
    assert dmp.dossier_status(INS, NORMAL).traits is None


@pytest.mark.parametrize(
    "answer, expected",
    [
        (demographics(patient=people.SOLO.ins.matricule), errors.UnrelatedAnswer),
        (demographics(state="peut-être"), errors.MalformedAnswer),
        (demographics(authorisation="PEUT_ETRE"), errors.MalformedAnswer),
        (demographics(code="AE"), errors.ServerRefusal),
        ("<autre/>", errors.MalformedAnswer),
        (
            '<x><acknowledgement typeCode="AE"><acknowledgementDetail><code code="DMPClosed"/><text>clos</text>'
            "</acknowledgementDetail></acknowledgement></x>",
            errors.DossierClosed,
        ),
    ],
)
def test_td0_2_refused_or_wrong(dmp: DmpClient, server: FakeServer, answer: str, expected: type) -> None:
    server.serve(soap(answer))
    with pytest.raises(expected):
        dmp.dossier_status(INS, NORMAL)


# -- TD0.3 ---------------------------------------------------------------------------------------------------------


def test_authorisation_declared(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(
        soap("<h:setAuthorizationResponse xmlns:h='urn:h'><status>DMPOk</status></h:setAuthorizationResponse>")
    )
    dmp.declare_authorisation(INS)
    assert len(server.received) == 1


@pytest.mark.parametrize(
    "status, expected",
    [
        ("DMPClosed", errors.DossierClosed),
        ("DMPNotFound", errors.DossierAbsent),
        ("DMPInconnu", errors.ServerRefusal),
        ("", errors.MalformedAnswer),
    ],
)
def test_authorisation_refused(dmp: DmpClient, server: FakeServer, status: str, expected: type) -> None:
    server.serve(soap(f"<r><status>{status}</status><context>contexte</context></r>"))
    with pytest.raises(expected) as caught:
        dmp.declare_authorisation(INS)
    if status == "DMPInconnu":
        assert (caught.value.fault.subcode, caught.value.fault.text) == ("DMPInconnu", "contexte")


# -- TD2.1 ---------------------------------------------------------------------------------------------------------


def registry(status: str = "Success", *codes: str, severity: str = "Error") -> str:
    told = "".join(
        f'<rs:RegistryError errorCode="{code}" codeContext="contexte" '
        f'severity="urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:{severity}"/>'
        for code in codes
    )
    listed = f"<rs:RegistryErrorList>{told}</rs:RegistryErrorList>" if codes else ""
    return f'<rs:RegistryResponse xmlns:rs="{RS}" status="{STATUS}:{status}">{listed}</rs:RegistryResponse>'


def found(*entries: DocumentEntry, status: str = f"{STATUS}:Success") -> str:
    objects = ebxml.registry_objects()
    for one in entries:
        ebxml.add_entry(objects, one)
    listed = etree.tostring(objects).decode()
    return f'<q:AdhocQueryResponse xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" status="{status}">{listed}</q:AdhocQueryResponse>'  # noqa: E501


def test_a_deposit_acknowledged(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(soap(registry()))
    acknowledged = dmp.deposit(submission(), NORMAL)
    assert (acknowledged.submission_unique_id, acknowledged.already_known) == ("2.25.2001", False)
    assert acknowledged.received_at.tzinfo is UTC
    assert CONTENT in server.received[0].package.parts.values()


@pytest.mark.parametrize(
    "code, expected",
    [
        ("XDSRegistryMetadataError", errors.MetadataRefused),
        ("XDSUnknownPatientId", errors.PatientUnknown),
        ("XDSPatientIdDoesNotMatch", errors.PatientDiffers),
        ("XDSNonIdenticalHash", errors.ContentRefused),
        ("XDSRepositoryBusy", errors.ServerFailure),
        ("XDSInconnu", errors.ServerRefusal),
    ],
)
def test_a_deposit_refused(dmp: DmpClient, server: FakeServer, code: str, expected: type) -> None:
    server.serve(soap(registry("Failure", code)))
    with pytest.raises(expected) as caught:
        dmp.deposit(submission(), NORMAL)
    assert type(caught.value) is expected
    assert caught.value.fault.subcode == code
    assert "contexte" not in str(caught.value)


def test_neither_success_nor_error(dmp: DmpClient, server: FakeServer) -> None:
    for answer in (registry("Failure"), "<rien/>"):
        server.serve(soap(answer))
        with pytest.raises(errors.MalformedAnswer):
            dmp.deposit(submission(), NORMAL)


DUPLICATE = soap(registry("Failure", "XDSDuplicateUniqueIdInRegistry"))


@pytest.mark.parametrize(
    "then, expected",
    [
        (soap(found(ENTRY)), None),
        (soap(found(replace(ENTRY, hash="0" * 40))), errors.ConflictingDeposit),
        (soap(found()), errors.AlreadyDeposited),
        (fault("DMPFunctionNotAllowed"), errors.AlreadyDeposited),
        (fault("DMPAuthorizationMissing"), errors.AlreadyDeposited),
        (soap(found(replace(ENTRY, patient_id=people.SOLO.ins))), errors.UnrelatedAnswer),
        (lambda _: Answering(status=503), errors.HttpRefused),
    ],
)
def test_a_deposit_known_already(dmp: DmpClient, server: FakeServer, then: Responder, expected: type | None) -> None:
    server.serve(in_turn(DUPLICATE, then))
    if expected is None:
        assert dmp.deposit(submission(), NORMAL).already_known
    else:
        with pytest.raises(expected) as caught:
            dmp.deposit(submission(), NORMAL)
        assert type(caught.value) is expected
    assert [r.path for r in server.received] == ["/repository", "/registry"]


def test_a_deposit_sent_twice_carries_the_same_identifiers_and_bytes(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(soap(registry()))
    dmp.deposit(submission(), NORMAL)
    dmp.deposit(submission(), NORMAL)
    first, second = ([*r.package.parts.values()] for r in server.received)
    assert first == second
    ids = [[d.get("id") for d in r.content if d.tag.endswith("Document")] for r in server.received]
    assert ids[0] == ids[1]


# -- TD3.1 ---------------------------------------------------------------------------------------------------------


def test_the_list_is_newest_first_without_signatures(dmp: DmpClient, server: FakeServer, sender: Sender) -> None:
    older = replace(ENTRY, unique_id="2.25.1", creation_time=ENTRY.creation_time - timedelta(days=9))
    technical = registered(lot_signature.describe(submission(), sender, b"signature"))
    server.serve(soap(found(older, technical, ENTRY)))
    assert dmp.find_documents(INS, NORMAL) == (ENTRY, older)


def test_an_empty_list(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(soap(found()))
    assert dmp.find_documents(INS, NORMAL) == ()


def test_nothing_of_another_patient(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(soap(found(ENTRY, replace(ENTRY, patient_id=people.SOLO.ins))))
    with pytest.raises(errors.UnrelatedAnswer):
        dmp.find_documents(INS, NORMAL)


def test_part_of_a_list_is_no_list(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(soap(found(ENTRY, status="urn:ihe:iti:2007:ResponseStatusType:PartialSuccess")))
    with pytest.raises(errors.PartialSuccess):
        dmp.find_documents(INS, NORMAL)


REFUSALS = {
    "DMPAuthorizationMissing": "dmp.authorisation_missing",
    "DMPAuthorizationExpired": "dmp.authorisation_expired",
    "DMPBlockedProfessional": "dmp.professional_blocked",
    "DMPNotFound": "dmp.dossier_absent",
    "DMPClosed": "dmp.dossier_closed",
    "DMPBreakGlassOpposed": "dmp.break_glass_opposed",
    "DMPRegulationOpposed": "dmp.regulation_opposed",
    "DMPFunctionNotAllowed": "dmp.function_not_allowed",
    "DMPStructureUnknown": "dmp.structure_unknown",
    "DMPStructureNotLinked": "dmp.structure_not_linked",
    "DMPSpecialtyMissing": "dmp.specialty_missing",
    "DMPInvalidCertificate": "dmp.invalid_certificate",
    "DMPInvalidVIHF": "dmp.invalid_vihf",
    "DMPIdentityMismatch": "dmp.identity_differs",
    "DMPAutreChose": "dmp.refused",
}


@pytest.mark.parametrize("subcode, code", REFUSALS.items())
def test_each_refusal_has_its_code(dmp: DmpClient, server: FakeServer, subcode: str, code: str) -> None:
    server.serve(fault(subcode, reason=f"Refus pour {INS.matricule}"))
    with pytest.raises(errors.ServerRefusal) as caught:
        dmp.find_documents(INS, NORMAL)
    assert (caught.value.code, caught.value.rule) == (code, subcode)
    assert INS.matricule not in f"{caught.value!s}{caught.value!r}{caught.value.fault!r}"
    assert INS.matricule in caught.value.fault.text


def test_a_fault_of_the_server_itself(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(fault("Interne", code="Receiver", status=500))
    with pytest.raises(errors.ServerFailure):
        dmp.find_documents(INS, NORMAL)


# -- TD3.2 ---------------------------------------------------------------------------------------------------------


def retrieved(document: str, *, unique_id: str = ENTRY.unique_id, times: int = 1) -> str:
    one = (
        f"<x:DocumentResponse><x:RepositoryUniqueId>1.2</x:RepositoryUniqueId><x:DocumentUniqueId>{unique_id}"
        f"</x:DocumentUniqueId><x:mimeType>text/xml</x:mimeType><x:Document>{document}</x:Document></x:DocumentResponse>"
    )
    return (
        f'<x:RetrieveDocumentSetResponse xmlns:x="urn:ihe:iti:xds-b:2007">{registry()}{one * times}'
        "</x:RetrieveDocumentSetResponse>"
    )


def packaged(content: bytes) -> Callable[[Received], Answering]:
    def respond(received: Received) -> Answering:
        include = etree.tostring(mtom.include("doc%201@dmp")).decode()
        root = envelope(retrieved(include), received.message_id)
        content_type, body = mtom.write(root, [Attachment("doc 1@dmp", content)], "urn:reponse")
        return Answering(body, content_type=content_type)

    return respond


def test_a_document_attached_and_inline(dmp: DmpClient, server: FakeServer) -> None:
    for respond in (packaged(CONTENT), soap(retrieved(base64.b64encode(CONTENT).decode()))):
        server.serve(respond)
        document = dmp.retrieve(INS, ENTRY, NORMAL)
        assert (document.content, document.mime_type, document.unique_id) == (CONTENT, "text/xml", "2.25.1001")


def test_a_document_of_more_bytes_than_a_packet(dmp: DmpClient, server: FakeServer) -> None:
    content = bytes(range(256)) * 1000
    server.serve(packaged(content))
    one = replace(ENTRY, hash=hashlib.sha1(content).hexdigest())
    assert dmp.retrieve(INS, one, NORMAL).content == content


@pytest.mark.parametrize(
    "respond, expected",
    [
        (packaged(CONTENT + b" "), errors.HashMismatch),
        (soap(retrieved(base64.b64encode(CONTENT).decode(), unique_id="2.25.9")), errors.UnrelatedAnswer),
        (soap(retrieved(base64.b64encode(CONTENT).decode(), times=2)), errors.UnrelatedAnswer),
        (soap(retrieved("pas du base64 !")), errors.MalformedAnswer),
        (soap(f"<r>{registry('Failure', 'XDSDocumentUniqueIdError')}</r>"), errors.DocumentUnknown),
    ],
)
def test_a_document_that_is_not_the_one_asked(
    dmp: DmpClient, server: FakeServer, respond: Responder, expected: type
) -> None:
    server.serve(respond)
    with pytest.raises(expected):
        dmp.retrieve(INS, ENTRY, NORMAL)


def test_an_entry_without_hash_cannot_be_checked(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(packaged(CONTENT))
    with pytest.raises(errors.HashMismatch):
        dmp.retrieve(INS, replace(ENTRY, hash=""), NORMAL)


# -- the card --------------------------------------------------------------------------------------------------------


def test_a_card_that_fails_to_sign_the_assertion_stops_all(
    dmp: DmpClient, server: FakeServer, signer: SoftwareSigner
) -> None:
    signer.error = CardRemoved()
    with pytest.raises(CardRemoved) as caught:
        dmp.find_documents(INS, NORMAL)
    assert caught.value is signer.error
    with pytest.raises(CardRemoved):
        dmp.deposit(submission(), NORMAL)
    assert server.received == []


def test_a_control_character_leaves_without_it(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(soap(found()))
    dmp.find_documents(INS, Access(AccessMode.BREAK_GLASS, EmergencyReason.OTHER, "Patient\x0b inconscient\ud800"))
    assert "Patient inconscient" in "".join(server.received[0].envelope.itertext())


# -- the door ------------------------------------------------------------------------------------------------------


def test_connecting_gives_both_gateways_and_touches_nothing(
    server: FakeServer, ca_file, signer: SoftwareSigner
) -> None:
    card = people.CARDS["cps-medecin"]
    holder = ports.CardHolder(card.card_kind, card.serial, card.professional, card.situations)
    connections = connecting(server.endpoint(ca_file), SOFTWARE)(signer, holder, card.situations[1])
    assert (signer.authentications, signer.signatures, server.received) == (0, 0, [])
    server.serve(soap(found()))
    assert connections.dmp.find_documents(INS, NORMAL) == ()
    assert people.MAISON.national_id.encode() in server.received[0].body
    connections.dmp.close()
    with pytest.raises(errors.Cancelled):
        connections.insi.by_traits(people.NORA.traits)


def test_after_an_hour_a_new_assertion(server: FakeServer, channel, ca_file, sender: Sender) -> None:
    now = [datetime(2026, 11, 22, 9, tzinfo=UTC)]
    dmp = DmpClient(channel, server.endpoint(ca_file), sender, clock=lambda: now[0])
    server.serve(soap(found()))
    for _ in range(3):
        dmp.find_documents(INS, NORMAL)
        now[0] += timedelta(hours=1)
    instants = {r.envelope.find(".//{*}Assertion").get("IssueInstant")[:13] for r in server.received}
    assert instants == {"2026-11-22T09", "2026-11-22T10", "2026-11-22T11"}
