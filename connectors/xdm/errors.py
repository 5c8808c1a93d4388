"""Why a package cannot be made or opened. Nothing here quotes what was read."""

from __future__ import annotations

from praticien.errors import InvalidInput


class XdmProblem(InvalidInput):
    """Root of the package's errors; their field is always "package"."""

    code = "xdm.problem"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, field="package")


class NotXdm(XdmProblem):
    """No zip, or no metadata where IHE XDM puts them."""

    code = "xdm.not_xdm"


class UnsafeXdm(XdmProblem):
    """A name that leads out of the package, a link, a name twice, something encrypted."""

    code = "xdm.unsafe"


class XdmTooBig(XdmProblem):
    """More files or bytes than any selection of documents makes."""

    code = "xdm.too_big"


class DamagedXdm(XdmProblem):
    """A document is missing, or is not the one that the metadata describe (size, hash)."""

    code = "xdm.damaged"


class SeveralPatients(XdmProblem):
    """The documents are not all of one patient."""

    code = "xdm.several_patients"
