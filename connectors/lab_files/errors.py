"""A file of results that cannot be used; ``place`` says where (``chapters[0].batteries[0].results[2].value``)."""

from __future__ import annotations

from praticien.errors import InvalidInput


class UnusableLabFile(InvalidInput):
    """The JSON or CSV file does not follow the documented format."""

    code = "lab.file"

    def __init__(self, detail: str = "", *, place: str = "") -> None:
        super().__init__(f"{place} {detail}".strip(), field="lab")
        self.place = place


class LabFileTooBig(UnusableLabFile):
    """More bytes than any report needs."""

    code = "lab.file_too_big"


class SeveralPatientsInFile(UnusableLabFile):
    """A CSV file holds the results of one patient."""

    code = "lab.file_patients"
