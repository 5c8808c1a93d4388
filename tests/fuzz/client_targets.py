"""What the client reads: the answers of a server, and documents from anywhere."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from connectors.dmp import hl7v2
from connectors.errors import MalformedAnswer
from connectors.soap import mtom
from connectors.soap.channel import Reply
from demonstration.samples import sample_submissions
from praticien.documents import cda_reader, pdf
from praticien.documents.coded.reading import read_facts
from praticien.documents.dicom import read_study
from praticien.errors import InvalidInput, PraticienError
from tests.fuzz.runner import Target
from tests.fuzz.talk import Desk, Said, Talk, message_id


def targets(talk: Talk, said: dict[str, Said]) -> Iterator[Target]:
    """All of them; ``said`` holds one exchange of each kind."""
    for name, (desk, call) in talk.acts().items():
        if name != "TD3.3 visibility":  # asks two questions; its answer is read as that of "TD3.3 status"
            yield _answer(name, desk, call, said[name])
    yield Target("client: HTTP answer", [b"200\ntext/xml\n<a/>"], _http(talk, said["TD0.2"]), (PraticienError,))
    with_parts = said["TD3.2"].reply
    mime = f"{with_parts.content_type}\n".encode() + with_parts.body[:3000] + with_parts.body[-300:]
    yield Target("client: MTOM", [mime], _mime, (MalformedAnswer,))
    yield from _texts()
    yield from _documents()


def _answer(name: str, desk: Desk, call: Callable[[], object], one: Said) -> Target:
    """The call again, its answer damaged but for the identifier of the question, so that it is looked at."""
    kind, old = one.reply.content_type, message_id(_root(one.content_type, one.request))
    plain = kind.startswith("multipart")
    sample = _root(kind, one.reply.body) if plain else one.reply.body

    def read(data: bytes) -> object:
        def reply(new: bytes) -> Reply:
            changed = data.replace(old, new)
            body = one.reply.body.replace(sample, changed) if plain else changed
            return Reply(200, kind, body)

        desk.channel.instead = reply
        try:
            return call()
        finally:
            desk.channel.instead = None

    return Target(f"client {name}: answer", [sample], read, (PraticienError,))


def _root(content_type: str, body: bytes) -> bytes:
    return mtom.read(content_type, body).root if content_type.startswith("multipart") else body


def _http(talk: Talk, one: Said) -> Callable[[bytes], object]:
    """Status, content type and body together."""
    _, call = talk.acts()["TD0.2"]

    def read(data: bytes) -> object:
        status, _, rest = data.partition(b"\n")
        kind, _, body = rest.partition(b"\n")
        number = int(status) if status.isdigit() and len(status) == 3 else 200
        talk.desk.channel.instead = lambda _: Reply(number, kind.decode("latin-1"), body or one.reply.body)
        try:
            return call()
        except PraticienError:
            return None
        finally:
            talk.desk.channel.instead = None

    return read


def _mime(data: bytes) -> object:
    kind, _, body = data.partition(b"\n")
    return mtom.read(kind.decode("latin-1"), body)


def _texts() -> Iterator[Target]:
    samples: dict[str, tuple[bytes, Callable[[str], object]]] = {
        "XCN": (b"899700000123^TESTMED^Jeanne^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS", hl7v2.read_xcn),
        "XON": (b"CABINET^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^499700000123401", hl7v2.read_xon),
        "specialty": (b"G15_10/SM54^Medecine^1.2.250.1.213.1.1.4.5", hl7v2.read_specialty),
        "CXi": (b"A-77^^^&1.2.3&ISO^urn:ihe:iti:xds:2013:accession", hl7v2.read_reference),
        "PID": (b"PID-5|TESTEXEMPLE^ZOE^^^^^L\nPID-7|19870312\nPID-8|F", lambda text: hl7v2.read_pid(text.split("\n"))),
        "DTM": (b"20261122140000", hl7v2.read_dtm),
    }
    for name, (sample, read) in samples.items():
        yield Target(f"client: {name}", [sample], _text(read), (MalformedAnswer, InvalidInput))


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"))


def _documents() -> Iterator[Target]:
    contents = [one.content for submission in sample_submissions() for one in submission.documents]
    documents = sorted((one for one in contents if b"ClinicalDocument" in one), key=len)[:6]
    yield Target("document: CDA", documents, cda_reader.read, (InvalidInput,))
    yield Target("document: coded entries", documents, read_facts, (InvalidInput,))
    yield Target("document: PDF", [_pdf()], pdf.check_pdf, (InvalidInput,))
    yield Target("document: DICOM", [_dicom()], _study, (InvalidInput,))


def _pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=0)
    canvas.drawString(50, 800, "TESTEXEMPLE ZOE")
    canvas.save()
    return out.getvalue()


def _dicom() -> bytes:
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.4"
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = "1.2.3.4.5.1"
    made.PatientName, made.PatientID, made.PatientBirthDate, made.PatientSex = "TEST^ZOE", "IPP1", "19870312", "F"
    made.StudyInstanceUID, made.StudyDate, made.Modality, made.AccessionNumber = "1.2.3.4.5", "20261101", "MR", "A-77"
    made.SeriesInstanceUID = "1.2.3.4.5.0"
    out = io.BytesIO()
    made.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _study(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "object"
        path.write_bytes(data)
        return read_study(path)
