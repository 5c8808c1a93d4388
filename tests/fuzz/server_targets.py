"""The reference server's parsers."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from lxml import etree

from demonstration import people
from praticien.errors import InvalidInput
from praticien.identity import Ins
from reference_server import (
    certificates,
    distinguished_names,
    mtom,
    names,
    soap,
    trace_file,
    vihf_content,
    xml,
    xml_signature,
)
from reference_server.certificates import Subject, Untrusted
from reference_server.dispatcher import SERVICES
from reference_server.errors import BadRequest, Fault, MalformedXml, RegistryRefusal
from reference_server.exchange import Request
from reference_server.faults import panel
from reference_server.metadata import cda
from reference_server.metadata.views import Entry, Xcn, Xon
from reference_server.names import q
from reference_server.services import provide, query_parameters
from reference_server.storage import traces
from reference_server.storage.traces import Extract
from reference_server.vihf_content import Audience
from reference_server.xml_signature import EXC_C14N, BadSignature
from tests.fuzz.runner import Target
from tests.fuzz.talk import Said, Talk

_BODY = b"soap:Body>"
_LINE = b"=-limit-of-a-part-="
_CHECKED = frozenset({EXC_C14N})


def targets(talk: Talk, said: dict[str, Said]) -> Iterator[Target]:
    """All of them; ``said`` holds one exchange of each kind."""
    yield from _messages(talk, said)
    yield from _parts(talk, said["TD2.1"])
    yield from _pieces(talk, said)
    yield from _texts()
    yield from _files(talk)


# -- whole messages, through the whole server -----------------------------------------------------------------------


def _messages(talk: Talk, said: dict[str, Said]) -> Iterator[Target]:
    for name, one in said.items():
        yield _body_of(talk, name, one)
    plain = [one for one in said.values() if not one.content_type.startswith("multipart")]
    yield Target("server: SOAP envelope and VIHF", [one.request for one in plain[:4]], _answered(talk, plain[0], bytes))


def _body_of(talk: Talk, name: str, one: Said) -> Target:
    root = mtom.read(one.content_type, one.request).root
    before, _, rest = root.partition(b"<" + _BODY)
    body, end, after = rest.rpartition(b"</" + _BODY)
    whole = lambda data: before + b"<" + _BODY + data + end + after  # noqa: E731
    return Target(f"server {name}: body", [body], _answered(talk, one, whole))


def _answered(talk: Talk, like: Said, whole: Callable[[bytes], bytes]) -> Callable[[bytes], object]:
    """Hands a message to the dispatcher, with the parts of ``like``: always a clean, well-formed answer."""
    parts = mtom.read(like.content_type, like.request).parts

    def read(data: bytes) -> object:
        return _sent(talk, like, whole(data), parts)

    return read


def _sent(talk: Talk, like: Said, root: bytes, parts: dict[str, bytes]) -> object:
    named = {"root": root, **parts}
    body = b"".join(b"--%s\r\nContent-ID: <%s>\r\n\r\n%s\r\n" % (_LINE, one.encode(), named[one]) for one in named)
    kind, message = f'multipart/related; boundary="{_LINE.decode()}"; start="<root>"', body + b"--%s--" % _LINE
    if not parts:
        kind, message = "application/soap+xml", root
    reply = talk.dispatcher.handle(like.service, kind, message, like.peer)
    assert reply.status in (200, 400), reply.body
    return etree.fromstring(mtom.read(reply.content_type, reply.body).root)


def _parts(talk: Talk, deposit: Said) -> Iterator[Target]:
    """A deposit of which one part was damaged, its hash and size told truly, or the whole MIME message."""
    package = mtom.read(deposit.content_type, deposit.request)
    signatures = {name for name, data in package.parts.items() if b"IHEManifest" in data}
    for label, chosen in (("lot signature", signatures), ("document", set(package.parts) - signatures)):
        (name,) = chosen
        yield Target(f"server TD2.1: {label}", [package.parts[name]], _with_part(talk, deposit, package, name))
    mime = f"{deposit.content_type}\n".encode() + deposit.request[:20_000] + deposit.request[-2000:]
    short = b'multipart/related; boundary="b"\n--b\r\n\r\n<a/>\r\n--b--'
    yield Target("server: MIME", [mime, short], _mime, (BadRequest,))


def _with_part(talk: Talk, deposit: Said, package: mtom.Package, name: str) -> Callable[[bytes], object]:
    old = package.parts[name]

    def read(data: bytes) -> object:
        root = package.root.replace(_sha1(old), _sha1(data)).replace(b">%d<" % len(old), b">%d<" % len(data))
        return _sent(talk, deposit, root, {**package.parts, name: data})

    return read


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest().encode()


def _mime(data: bytes) -> object:
    kind, _, body = data.partition(b"\n")
    return mtom.read(kind.decode("latin-1").replace("\r", ""), body)


# -- pieces of messages, alone ----------------------------------------------------------------------------------------


def _pieces(talk: Talk, said: dict[str, Said]) -> Iterator[Target]:
    root = mtom.read(said["TD2.1"].content_type, said["TD2.1"].request)
    tree = soap.read(root.root)
    assertion = next(tree.header.iter(q(names.SAML, "Assertion")))
    yield Target("server: VIHF content", [etree.tostring(assertion)], _vihf, (MalformedXml, Fault))
    signature = next(assertion.iter(q(names.DS, "Signature")))
    yield Target("server: XML signature", [etree.tostring(signature)], _signature, (MalformedXml, BadSignature))
    payload = etree.tostring(tree.payload)
    signer = certificates.subject_of(xml_signature.certificate_of(signature))
    yield Target("server: ebXML metadata", [payload], _metadata(talk, signer, root.parts), (MalformedXml,))
    query = next(soap.read(said["TD3.1"].request).payload.iter(q(names.RIM, "AdhocQuery")))
    yield Target("server: query parameters", [etree.tostring(query)], _query, (MalformedXml, RegistryRefusal))
    documents = [data for data in root.parts.values() if b"ClinicalDocument" in data]
    entry = Entry(next(tree.payload.iter(q(names.RIM, "ExtrinsicObject"))))
    yield Target("server: CDA header", documents, lambda data: list(cda.findings(entry, data)))


def _vihf(data: bytes) -> object:
    subject = Subject("899700000123", "TESTMED", "Jeanne", "", None, "10")
    return vihf_content.read(xml.parse(data), subject, Audience.DMP)


def _signature(data: bytes) -> object:
    signature = xml.parse(data)
    signed = xml_signature.check_value(signature, xml_signature.certificate_of(signature), _CHECKED)
    return xml_signature.transforms_of(xml_signature.one(signed, "Reference"))


def _metadata(talk: Talk, signer: Subject, parts: dict[str, bytes]) -> Callable[[bytes], object]:
    """All that is done before the registry is asked: whatever breaks no rule can be stored."""

    def read(data: bytes) -> object:
        request = Request(signer, xml.parse(data), parts, talk.trust, datetime.now(UTC))
        return provide.prepare(request)

    return read


def _query(data: bytes) -> object:
    parameters = query_parameters.read(xml.parse(data))
    for name, slots in parameters.items():
        query_parameters.is_like(["TESTMED^Jeanne"], [value for slot in slots for value in slot])
        query_parameters.optional(parameters, name)
        query_parameters.in_range(["20261122"], parameters, name.removesuffix("From"))
    return query_parameters.patient(parameters, "$XDSDocumentEntryPatientId")


# -- texts ------------------------------------------------------------------------------------------------------------


def _texts() -> Iterator[Target]:
    yield Target("server: CX", [people.SOLO.ins.cx.encode()], _text(Ins.from_cx), (InvalidInput,))
    xcn = b"899700000123^TESTMED^Jeanne^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
    yield Target("server: XCN", [xcn], _text(lambda text: (Xcn.parse(text).authority, Xcn.parse(text).is_named)))
    xon = b"CABINET^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^499700000123401"
    yield Target("server: XON", [xon], _text(Xon.parse))
    dn = rb'2.5.4.42=#0c064a65616e6e65+SN=TESTMED\, X+CN=899700000123,OU=M\C3\A9decin,O="TEST",C=FR'
    yield Target("server: distinguished name", [dn], _text(distinguished_names.parse),
                 (distinguished_names.NotADistinguishedName,))  # fmt: skip
    yield Target("server: instant", [b"2026-11-22T15:00:00.123+01:00"], _text(vihf_content.instant), (Fault,))
    form = b"latency=300\njitter=20\nstatus=503\ncut_at=12\ncount=1\nclock_ahead=-60\nservice.patients=1"
    yield Target("server: operator's form", [form], _form, (InvalidInput,))


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"))


def _form(data: bytes) -> object:
    fields = dict(line.partition("=")[::2] for line in data.decode("utf-8", "replace").split("\n"))
    return panel.from_form(fields, SERVICES)


# -- files ------------------------------------------------------------------------------------------------------------


def _files(talk: Talk) -> Iterator[Target]:
    with talk.database.reading() as session:
        exported = b"".join(traces.export(session, Extract()))
    yield Target("server: trace file", [exported], _trace, (trace_file.TraceFileUnreadable,))
    peer = talk.desk.channel.peer
    yield Target("server: certificate", [peer], _certificate, (ValueError,))
    lists = talk.revocation_lists
    yield Target("server: revocation lists", [lists], lambda data: talk.trust.load_revocations(data, "fuzz"),
                 (Untrusted, ValueError))  # fmt: skip


def _trace(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace"
        path.write_bytes(data)
        return trace_file.verify(path)


def _certificate(data: bytes) -> object:
    certificate: x509.Certificate = certificates.load(data)
    return certificates.subject_of(certificate), certificates.is_for_signature(certificate)
