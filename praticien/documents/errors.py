"""Errors about documents: PDF, DICOM and CDA that cannot be used, and a source that speaks of another person."""

from __future__ import annotations

from praticien.errors import InvalidInput, PraticienError, Refused


class InvalidPdf(InvalidInput):
    """The file chosen as a PDF cannot be used; ``field`` is always "pdf"."""

    code = "pdf.invalid"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, field="pdf")


class NotPdf(InvalidPdf):
    """The file is no PDF, or a damaged one."""

    code = "pdf.not_pdf"


class EmptyPdf(InvalidPdf):
    """The file is empty, or has no page."""

    code = "pdf.empty"


class BlankPdf(EmptyPdf):
    """Its pages show nothing: neither a word nor an image (EX_GEN-1060)."""

    code = "pdf.blank"


class EncryptedPdf(InvalidPdf):
    """The PDF asks for a password."""

    code = "pdf.encrypted"


class UnprintableText(InvalidInput):
    """A character that the PDF fonts do not have; nothing typed is dropped in silence. ``characters`` lists them."""

    code = "text.unprintable"

    def __init__(self, characters: str) -> None:
        super().__init__(field="text")
        self.characters = characters


class EmptyText(InvalidInput):
    """Nothing was typed."""

    code = "text.empty"

    def __init__(self) -> None:
        super().__init__(field="text")


class PdfTooBig(InvalidPdf):
    """The PDF is larger than what the DMP is sent."""

    code = "pdf.too_big"


class InvalidDicom(InvalidInput):
    """The file or folder chosen as a DICOM study cannot be used; ``field`` is always "dicom"."""

    code = "dicom.invalid"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, field="dicom")


class NotDicom(InvalidDicom):
    """Nothing there is DICOM."""

    code = "dicom.not_dicom"


class DicomWithoutPatient(InvalidDicom):
    """The study names no patient: it cannot be matched."""

    code = "dicom.no_patient"


class SeveralPatients(InvalidDicom):
    """The folder holds images of several patients."""

    code = "dicom.several_patients"


class SeveralStudies(InvalidDicom):
    """The folder holds several studies of one patient."""

    code = "dicom.several_studies"


class DicomTooBig(InvalidDicom):
    """More files than a study has any reason to hold."""

    code = "dicom.too_big"


class InvalidCda(InvalidInput):
    """The bytes cannot be read as a CDA R2 document."""

    code = "cda.invalid"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, field="document")


class NotCda(InvalidCda):
    """Well-formed, perhaps, but no ClinicalDocument."""

    code = "cda.not_cda"


class ForbiddenXml(InvalidCda):
    """A DOCTYPE or an entity: never accepted."""

    code = "cda.doctype"


class UnreadableBody(InvalidCda):
    """The header can be read but the file it carries cannot be decoded, or there are several bodies."""

    code = "cda.body"


class CdaTooBig(InvalidCda):
    """Too many bytes, or nested too deep."""

    code = "cda.too_big"


class NotConformant(PraticienError):
    """A document that we wrote departs from the rules: a mistake of this software, found before anything is sent."""

    code = "document.not_conformant"


class HeaderProblem(InvalidInput):
    """A header field is missing or wrong before sending; ``field`` names it."""

    code = "document.field"


class WrongSigner(HeaderProblem):
    """The author or the legal authenticator is no health professional (a secretary, for instance)."""

    code = "document.not_a_professional"


class MaskedAndInvisible(HeaderProblem):
    """Masked to professionals and invisible to the patient at once (EX_2.1-1050)."""

    code = "document.masked_and_invisible"


class Unchanged(Refused):
    """The new version says what the one that it replaces says (EX_GEN-1060)."""

    code = "document.unchanged"

    def __init__(self) -> None:
        super().__init__(rule="EX_GEN-1060")


class AlreadyDeposited(Refused):
    """This installation already deposited the same for this patient (EX_GEN-1060).

    ``title`` and ``day`` (``12/03/2026``) of that document are for the screen alone.
    """

    code = "document.already_deposited"

    def __init__(self, title: str = "", day: str = "") -> None:
        super().__init__(rule="EX_GEN-1060")
        self.title, self.day = title, day


class OtherPatient(Refused):
    """A source (DICOM header or PDF text) names another person; ``sources`` and ``traits`` say where, never who."""

    code = "document.other_patient"

    def __init__(self, sources: tuple[str, ...] = (), traits: tuple[str, ...] = ()) -> None:
        super().__init__(rule="INS")
        self.sources = sources
        self.traits = traits


class UnidentifiedSource(OtherPatient):
    """The laboratory's file names neither an INS nor a name with a birth date: it cannot be matched."""

    code = "document.unidentified"
