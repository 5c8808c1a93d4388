"""XDS metadata as ebXML and back."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connectors import errors
from connectors.dmp import ebxml, hl7v2, rim
from connectors.dmp.rim import EntryScheme
from demonstration import people
from praticien.metadata import (
    Author,
    Availability,
    Code,
    Confidentiality,
    DocumentEntry,
    Institution,
    Person,
    Reference,
    SourcePatientInfo,
)
from tests.connectors.samples import entry, registered

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=40)
NAME = TEXT.filter(bool)
OID = st.from_regex(r"[0-2](\.[1-9][0-9]{0,5}){2,8}", fullmatch=True)
MOMENT = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda m: m.replace(microsecond=0)
)
CODE = st.builds(Code, TEXT, OID, TEXT)
TOKEN = st.text(string.ascii_letters + string.digits + ":", min_size=1, max_size=20)
PERSON = st.builds(Person, TEXT, TEXT, TEXT, OID, TOKEN)
INSTITUTION = st.builds(Institution, TEXT, TEXT, OID)
AUTHOR = st.builds(Author, PERSON, st.none() | INSTITUTION, st.none() | st.builds(Code, NAME, OID, TEXT), TEXT)
PID = st.builds(SourcePatientInfo, NAME, TEXT, st.just("19840621"), st.sampled_from("MF"))


def through_xml(of: DocumentEntry) -> DocumentEntry:
    objects = ebxml.registry_objects()
    ebxml.add_entry(objects, of)
    return ebxml.read_entry(etree.fromstring(etree.tostring(objects))[0])


def test_a_registered_entry_comes_back_whole() -> None:
    full = replace(
        registered(entry()),
        service_stop=datetime(2026, 11, 22, 10, tzinfo=UTC),
        comments="Commentaire",
        version="3",
        availability=Availability.ARCHIVED,
        event_codes=(Code("CT", "1.2.840.10008.2.16.4", "Scanner"),),
        confidentiality=(Confidentiality.NORMAL, Confidentiality.MASKED),
        references=(Reference("ACC-1", "2.25.7", "urn:ihe:iti:xds:2013:accession"),),
    )
    assert through_xml(full) == full


@given(
    title=TEXT,
    comments=TEXT,
    codes=st.lists(CODE, min_size=6, max_size=6),
    confidentiality=st.lists(CODE, max_size=4),
    events=st.lists(CODE, max_size=3),
    authors=st.lists(AUTHOR, max_size=3),
    legal=st.none() | PERSON,
    moments=st.lists(MOMENT, min_size=3, max_size=3),
    stop=st.booleans(),
    pid=st.none() | PID,
    references=st.lists(st.builds(Reference, NAME, OID, TOKEN), max_size=3),
    size=st.integers(0, 10**9),
    availability=st.sampled_from(Availability),
)
def test_any_entry_comes_back_whole(**drawn) -> None:
    class_, type_, format_, facility, setting, _ = drawn["codes"]
    written = replace(
        registered(entry()),
        title=drawn["title"],
        comments=drawn["comments"],
        class_code=class_,
        type_code=type_,
        format_code=format_,
        facility_type=facility,
        practice_setting=setting,
        confidentiality=tuple(drawn["confidentiality"]),
        event_codes=tuple(drawn["events"]),
        authors=tuple(drawn["authors"]),
        legal_authenticator=drawn["legal"],
        creation_time=drawn["moments"][0],
        service_start=drawn["moments"][1],
        service_stop=drawn["moments"][2] if drawn["stop"] else None,
        source_patient_info=drawn["pid"],
        references=tuple(drawn["references"]),
        size=drawn["size"],
        availability=drawn["availability"],
    )
    assert through_xml(written) == written


@given(TEXT)
def test_escapes_go_both_ways(text: str) -> None:
    assert hl7v2.unescaped(hl7v2.escaped(text)) == text
    assert not set(hl7v2.escaped(text)) & set("^&|~")


def test_the_french_forms() -> None:
    written = registered(entry())
    objects = ebxml.registry_objects()
    stable = ebxml.add_entry(objects, written)
    author = rim.classifications(stable, EntryScheme.AUTHOR)[0]
    assert rim.one(author, "authorPerson") == "899700000123^TESTMED^Jeanne^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
    assert rim.one(author, "authorInstitution") == (
        "CABINET DES LILAS (FICTIF)^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^499700000123401"
    )
    assert rim.one(author, "authorSpecialty") == ("G15_10/SM54^Médecin - Médecine générale (SM)^1.2.250.1.213.1.1.4.5")
    assert rim.slot(stable, "sourcePatientInfo") == ["PID-5|TESTFAMILLE^NORA^^^^^L", "PID-7|19840621", "PID-8|F"]
    assert rim.one(stable, "creationTime") == "20261122093000"
    assert rim.identifier(stable, EntryScheme.PATIENT_ID) == people.NORA.ins.cx


def test_the_birth_name_is_chosen_among_several() -> None:
    read = hl7v2.read_pid(["PID-5|USUEL^NORA^^^^^D", "PID-5|NAISSANCE^NORA^^^^^L"])
    assert read is not None
    assert read.family_name == "NAISSANCE"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("202611", datetime(2026, 11, 1, tzinfo=UTC)),
        ("20261122093015.123", datetime(2026, 11, 22, 9, 30, 15, tzinfo=UTC)),
    ],
)
def test_times_of_less_precision(text: str, expected: datetime) -> None:
    assert hl7v2.read_dtm(text) == expected


@pytest.mark.parametrize("text", ["", "26", "20261322", "demain", "20261122256161"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(hl7v2.NotHl7):
        hl7v2.read_dtm(text)


def _broken(change: str) -> etree._Element:
    objects = ebxml.registry_objects()
    stable = ebxml.add_entry(objects, registered(entry()))
    if change == "size":
        stable.find(f"{{{rim.RIM}}}Slot[@name='size']/*/*").text = "beaucoup"
    elif change == "status":
        stable.set("status", "urn:autre")
    elif change == "time":
        stable.remove(stable.find(f"{{{rim.RIM}}}Slot[@name='creationTime']"))
    else:
        for identifier in stable.findall(f"{{{rim.RIM}}}ExternalIdentifier"):
            identifier.set("value", "123^^^&1.2.3&ISO^NH")
    return stable


@pytest.mark.parametrize("change", ["size", "status", "time", "patient"])
def test_a_broken_entry_is_malformed(change: str) -> None:
    with pytest.raises(errors.MalformedAnswer) as caught:
        ebxml.read_entry(_broken(change))
    assert "2840699999202" not in str(caught.value)


def test_missing_codes_and_optional_slots_read_as_empty() -> None:
    objects = ebxml.registry_objects()
    stable = ebxml.add_entry(objects, registered(entry()))
    for child in stable.findall(f"{{{rim.RIM}}}Classification"):
        stable.remove(child)
    for name in ("legalAuthenticator", "sourcePatientInfo", "hash", "size"):
        stable.remove(stable.find(f"{{{rim.RIM}}}Slot[@name='{name}']"))
    read = ebxml.read_entry(stable)
    assert (read.type_code, read.authors, read.legal_authenticator, read.hash, read.size) == (
        Code("", ""), (), None, "", 0,
    )  # fmt: skip
