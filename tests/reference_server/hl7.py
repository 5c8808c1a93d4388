"""HL7 v3 requests written by hand, and the official schemas of the answers."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from tests import validators


def request_head(interaction: str) -> str:
    """From id to sender."""
    return (
        f'<k:id root="1.2.3.4" extension="88"/><k:creationTime value="20261122150000"/>'
        f'<k:interactionId root="2.16.840.1.113883.1.6" extension="{interaction}"/>'
        f'<k:processingCode code="D"/><k:processingModeCode code="T"/><k:acceptAckCode code="AL"/>'
        f'<k:receiver typeCode="RCV"><k:device classCode="DEV" determinerCode="INSTANCE">'
        f'<k:id root="1.2.250.1.213.4.1.1.1"/></k:device></k:receiver>'
        f'<k:sender typeCode="SND"><k:device classCode="DEV" determinerCode="INSTANCE">'
        f'<k:id root="1.2.3.4.5"/></k:device></k:sender>'
    )


def hl7(interaction: str, reason: str, act: str) -> str:
    """A whole request around the content of its control act."""
    why = f'<k:reasonCode code="{reason}" codeSystem="1.2.250.1.213.1.1.4.11"/>' if reason else ""
    return (
        f'<k:{interaction} xmlns:k="urn:hl7-org:v3" ITSVersion="XML_1.0">{request_head(interaction)}'
        f'<k:controlActProcess classCode="CACT" moodCode="EVN">{why}{act}</k:controlActProcess></k:{interaction}>'
    )


def schema_of(interaction: str, folder: Path) -> etree.XMLSchema:
    """Its schema; that of PRPA_IN201308UV02 is put together from the wrapper of PRPA_IN201310UV02 and its own parts."""
    source = validators.ROOT / "hl7v3" / "multicacheschemas"
    if interaction != "PRPA_IN201308UV02":
        return etree.XMLSchema(etree.parse(str(source / f"{interaction}.xsd")))
    text = (source / "PRPA_IN201310UV02.xsd").read_text("utf-8")
    text = text.replace("PRPA_IN201310UV02", interaction).replace("PRPA_MT201304UV02", "PRPA_MT201303UV02")
    text = text.replace('schemaLocation="../', f'schemaLocation="{source.parent.as_uri()}/')
    for name in ("MCCI_MT000300UV01", "MFMI_MT700711UV01", "PRPA_MT201303UV02", "PRPA_MT201307UV02"):
        text = text.replace(f'schemaLocation="{name}', f'schemaLocation="{source.as_uri()}/{name}')
    path = folder / f"{interaction}.xsd"
    path.write_text(text, "utf-8")
    return etree.XMLSchema(etree.parse(str(path)))
