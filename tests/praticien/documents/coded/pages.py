"""Small documents written for these tests: one section, its narrative, its entries."""

from __future__ import annotations

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def page(narrative: str, *entries: str, code: str = "30954-2", header: str = "") -> bytes:
    """A CDA with one section."""
    held = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        f'<ClinicalDocument xmlns="urn:hl7-org:v3" {XSI}><id root="2.25.1"/>{header}'
        f'<component><structuredBody><component><section><code code="{code}"/><title>Essai</title>'
        f"<text>{narrative}</text>{held}</section></component></structuredBody></component></ClinicalDocument>"
    ).encode()


def table(headings: list[str], *rows: list[str]) -> str:
    """A narrative table; cells may hold markup."""
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def report(*observations: str, status: str = "completed") -> str:
    """A laboratory report entry; the template stands on the act, which readers accept as well."""
    held = "".join(f'<entryRelationship typeCode="COMP">{item}</entryRelationship>' for item in observations)
    return (
        '<act classCode="ACT" moodCode="EVN"><templateId root="1.3.6.1.4.1.19376.1.3.1"/>'
        f'<code code="18719-5" displayName="Biochimie"/><statusCode code="{status}"/>{held}</act>'
    )


def result(
    value: str,
    *,
    loinc: str = "2345-7",
    label: str = "Glucose",
    flag: str = "",
    bounds: str = "",
    status: str = "completed",
    when: str = "20260302080000+0100",
    reference: str = "#r1",
) -> str:
    """One result; ``value`` and ``bounds`` are markup."""
    system = "2.16.840.1.113883.6.1" if loinc else "1.2.250.1.999"
    flagged = f'<interpretationCode code="{flag}"/>' if flag else ""
    ranged = f"<referenceRange><observationRange>{bounds}</observationRange></referenceRange>" if bounds else ""
    return (
        '<observation classCode="OBS" moodCode="EVN"><templateId root="1.3.6.1.4.1.19376.1.3.1.6"/>'
        f'<code code="{loinc or "LOCAL"}" codeSystem="{system}" displayName="{label}">'
        f'<originalText><reference value="{reference}"/></originalText></code>'
        f'<statusCode code="{status}"/><effectiveTime value="{when}"/>{value}{flagged}{ranged}</observation>'
    )


def pq(value: str, unit: str) -> str:
    """A quantity."""
    return f'<value xsi:type="PQ" value="{value}" unit="{unit}"/>'


def ivl(low: str, high: str, unit: str) -> str:
    """An interval."""
    return f'<value xsi:type="IVL_PQ"><low value="{low}" unit="{unit}"/><high value="{high}" unit="{unit}"/></value>'
