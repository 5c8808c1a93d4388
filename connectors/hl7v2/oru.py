"""ORU^R01: from a message to reports, one for each patient in it. Structure: HL7 v2.5 chapter 7.

    MSH [PID [NTE]] { [ORC] OBR [NTE] { OBX [NTE] } [SPM] }

Each OBR becomes a battery of the chapter it belongs to. A coded organism and the results that hang on it (child OBR by
OBR-26, or OBX-4 ``1.1`` under ``1``) become an isolate with its antibiogram. Results deleted (D), wrong (W) or not
asked (N, O) are left out. Former results (``former``) stand beside those of today.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from connectors.hl7v2 import order
from connectors.hl7v2.er7 import Message, Segment, parse
from connectors.hl7v2.errors import MissingField, NotProduction, UnsupportedMessage
from connectors.hl7v2.former import is_before, is_former_order, placed
from connectors.hl7v2.observation import Observation, is_document, read_observation, read_pdf
from connectors.hl7v2.patient import read_patient
from connectors.hl7v2.times import read_moment
from connectors.hl7v2.values import clean
from praticien.documents.lab_report import (
    Analysis,
    Battery,
    Chapter,
    Isolate,
    LabReport,
    ResultStatus,
    SourcePatient,
    Specimen,
)
from praticien.metadata import Code


@dataclass(slots=True, repr=False)
class _Order:
    """One OBR and what hangs on it."""

    obr: Segment
    orc: Segment | None
    results: list[tuple[Segment, list[str]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    spm: Segment | None = None
    is_former: bool = False


@dataclass(slots=True, repr=False)
class _Patient:
    """One PID and its orders."""

    pid: Segment | None
    notes: list[str] = field(default_factory=list)
    orders: list[_Order] = field(default_factory=list)


def read_reports(content: bytes, *, production: bool = True) -> tuple[LabReport, ...]:
    """The reports of one message. ``production`` refuses what MSH-11 marks as training or debugging.

    Raises Hl7Problem subclasses.
    """
    message = parse(content)
    check_header(message, production=production)
    found = tuple(_report(patient) for patient in _groups(message) if patient.orders)
    if not found:
        raise MissingField("no order", place="OBR")
    return found


def check_header(message: Message, *, production: bool) -> None:
    """Raise UnsupportedMessage, NotProduction, MissingField."""
    header = message.header
    if header.text(9) != "ORU" or header.text(9, 2) not in ("", "R01"):
        raise UnsupportedMessage("ORU^R01 expected", place="MSH-9")
    if not header.text(12).startswith("2"):
        raise UnsupportedMessage("version 2 expected", place="MSH-12")
    if not header.text(10):
        raise MissingField("control identifier", place="MSH-10")
    if production and header.text(11).upper() not in ("", "P"):
        raise NotProduction("production expected", place="MSH-11")


def _groups(message: Message) -> list[_Patient]:
    """The segments, hung on the patient, the order and the result that precede them."""
    groups: list[_Patient] = [_Patient(None)]
    orc: Segment | None = None
    for segment in message.segments:
        patient, orders = groups[-1], groups[-1].orders
        if segment.name == "PID":
            groups.append(_Patient(segment))
            orc = None
        elif segment.name == "ORC":
            orc = segment
        elif segment.name == "OBR":
            orders.append(_Order(segment, orc))
        elif segment.name == "OBX" and orders:
            orders[-1].results.append((segment, []))
        elif segment.name == "SPM" and orders:
            orders[-1].spm = orders[-1].spm or segment
        elif segment.name == "NTE":
            _note(patient, segment)
    return groups


def _note(patient: _Patient, segment: Segment) -> None:
    text = clean("\n".join(each.whole for each in segment.repetitions(3)))
    if not patient.orders:
        patient.notes.append(text)
    elif patient.orders[-1].results:
        patient.orders[-1].results[-1][1].append(text)
    else:
        patient.orders[-1].notes.append(text)


# -- the report ------------------------------------------------------------------------------------------------------


def _report(patient: _Patient) -> LabReport:
    for each in patient.orders:
        each.is_former = is_former_order(each.obr, [other.obr for other in patient.orders])
    present = [each for each in patient.orders if not each.is_former] or patient.orders
    obr, orc = present[0].obr, present[0].orc
    moments = [read_moment(each.obr.text(7)) for each in present]
    released = [read_moment(each.obr.text(22)) for each in present]
    segments = [segment for each in present for segment, _notes in each.results]
    return LabReport(
        chapters=_chapters(patient.orders),
        patient=read_patient(patient.pid) if patient.pid else SourcePatient(),
        order=order.read_number(obr.first(2)) or (order.read_number(orc.first(2)) if orc else None),
        request=order.read_number(obr.first(3)) or (order.read_number(orc.first(3)) if orc else None),
        ordered_at=read_moment(orc.text(9) if orc else "") or read_moment(obr.text(6)),
        collected_at=min(filter(None, moments), default=None),
        released_at=max(filter(None, released), default=None),
        prescriber=order.read_prescriber(obr.first(16)) or (order.read_prescriber(orc.first(12)) if orc else None),
        director=next(filter(None, (order.read_director(segment.first(25)) for segment in segments)), None),
        interpreter=order.national_id(obr.first(32).text(1, 1)),
        status=_status(patient.orders),
        comment="\n".join(patient.notes),
        pdf=next((read_pdf(segment) for segment in segments if is_document(segment)), b""),
    )


def _status(orders: list[_Order]) -> ResultStatus:
    """One order awaited, the report is; one corrected, it is a correction."""
    found = {order.read_report_status(each.obr) for each in orders}
    awaited = ResultStatus.PRELIMINARY in found
    corrected = ResultStatus.CORRECTED in found
    return ResultStatus.PRELIMINARY if awaited else ResultStatus.CORRECTED if corrected else ResultStatus.FINAL


@dataclass(slots=True, repr=False)
class _Contents:
    """A chapter being filled."""

    code: Code
    batteries: list[Battery] = field(default_factory=list)
    former: list[Analysis] = field(default_factory=list)
    isolates: list[_Found] = field(default_factory=list)
    specimens: list[Specimen] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass(slots=True, repr=False)
class _Found:
    """An isolate being filled, and where it was found: the OBR, and OBX-4 inside it."""

    obr: Segment
    sub_id: str
    name: str
    organism: Code | None
    analyses: list[Analysis] = field(default_factory=list)
    antibiogram: list[Analysis] = field(default_factory=list)


def _chapters(orders: list[_Order]) -> tuple[Chapter, ...]:
    contents: dict[str, _Contents] = {}
    for each in orders:
        code = order.read_chapter(each.obr)
        _fill(contents.setdefault(code.code, _Contents(code)), each)
    return tuple(
        Chapter(
            made.code,
            tuple(placed(made.batteries, made.former)),
            tuple(
                Isolate(one.name, one.organism, tuple(one.analyses), tuple(one.antibiogram)) for one in made.isolates
            ),
            tuple(made.specimens),
            "\n".join(comment for comment in made.comments if comment),
        )
        for made in contents.values()
        if made.batteries or made.isolates
    )


def _fill(made: _Contents, one: _Order) -> None:
    status = order.read_report_status(one.obr)
    given = [(segment, notes) for segment, notes in one.results if not is_document(segment)]
    found = [read_observation(segment, notes, status, read_moment(one.obr.text(7))) for segment, notes in given]
    parent = _parent(made, one.obr)
    told = [_as_words(each, one.obr) if each.organism and one.is_former else each for each in found if each]
    plain = [each for each in told if not _belongs_to_isolate(made, one.obr, each, parent)]
    taken = order.read_specimen(one.obr, one.spm)
    if taken and taken not in made.specimens and not one.is_former:
        made.specimens.append(taken)
    made.comments += one.notes
    made.comments += [observation.remark for observation in plain if observation.analysis is None]
    analyses = tuple(_joined(plain))
    if analyses:
        name, panel = order.read_panel(one.obr)
        made.batteries.append(Battery(name, analyses, panel))
        day = read_moment(one.obr.text(7))
        made.former += [each for each in analyses if one.is_former or is_before(each.observed_at, day)]


def _as_words(observation: Observation, obr: Segment) -> Observation:
    """The organism of a former culture: an isolate has no date of its own, so that it would pass for one of today."""
    collected_at, name = read_moment(obr.text(7)), observation.organism[0] if observation.organism else ""
    day = f" du {collected_at:%d/%m/%Y}" if collected_at else ""
    return replace(observation, organism=None, remark=f"Culture antérieure{day} : {name}")


def _parent(made: _Contents, obr: Segment) -> _Found | None:
    """The isolate that a child order speaks of: OBR-26 gives its OBX-4, OBR-29 the number of the parent order."""
    sub_id, filler = obr.text(26, 2), obr.first(29).text(2, 1)
    found = [one for one in made.isolates if sub_id and one.sub_id == sub_id]
    of_parent = [one for one in found if filler and one.obr.text(3) == filler]
    return next(reversed(of_parent or found), None)


def _belongs_to_isolate(made: _Contents, obr: Segment, observation: Observation, parent: _Found | None) -> bool:
    """An organism opens an isolate; what hangs on one (its order, or its sub-identifier) goes into it."""
    place = observation.sub_id
    if observation.organism:
        made.isolates.append(_Found(obr, place, *observation.organism))
        return True
    here = (one for one in made.isolates if one.obr is obr and place.startswith(f"{one.sub_id}."))
    isolate = parent or next(here, None)
    if isolate is None or observation.analysis is None:
        return False
    (isolate.antibiogram if observation.is_susceptibility else isolate.analyses).append(observation.analysis)
    return True


def _joined(observations: list[Observation]) -> Iterator[Analysis]:
    """Results in order; a text cut into several OBX of the same code is one text again."""
    waiting: Observation | None = None
    for observation in observations:
        if observation.analysis is None:
            continue
        if waiting and observation.continues(waiting):
            waiting = waiting.with_more(observation)
            continue
        if waiting and waiting.analysis:
            yield waiting.analysis
        waiting = observation
    if waiting and waiting.analysis:
        yield waiting.analysis
