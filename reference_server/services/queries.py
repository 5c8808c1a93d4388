"""What each stored query selects in the dossier that the VIHF is for, of what this caller may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from praticien.identity import Ins
from reference_server import names, xml
from reference_server.access import Dossier
from reference_server.exchange import Exchange
from reference_server.functional_matrix import Function
from reference_server.metadata.views import SubmissionSetView
from reference_server.names import DocumentEntryId, StoredQuery, SubmissionSetId
from reference_server.services.query_parameters import (
    Parameters,
    in_range,
    is_like,
    many,
    missing,
    one,
    optional,
    patient,
    required,
    too_many,
)
from reference_server.services.visibility import is_known, is_visible
from reference_server.storage import documents, submissions
from reference_server.storage.documents import Listed
from reference_server.storage.tables import AssociationRow, SubmissionRow

Row = Listed | SubmissionRow | AssociationRow

_DOCUMENT, _SET = "$XDSDocumentEntry", "$XDSSubmissionSet"
_CODES = {
    "ClassCode": "class",
    "TypeCode": "type",
    "FormatCode": "format",
    "PracticeSettingCode": "practice",
    "HealthcareFacilityTypeCode": "facility",
}
_CODES_OF_SEVERAL = {"EventCodeList": "event", "ConfidentialityCode": "confidentiality"}
"""Attributes with several values: their parameters may come several times, and then all must hold."""
_TIMES = ("CreationTime", "ServiceStartTime", "ServiceStopTime")
_ONLINE = "urn:ihe:iti:2010:DocumentAvailability:Online"


def find_documents(exchange: Exchange, parameters: Parameters, leaf: bool) -> list[Row]:
    """FindDocuments."""
    del leaf  # the dossier is searched all the same
    return [*_found_documents(exchange, parameters)]


def find_by_reference(exchange: Exchange, parameters: Parameters, leaf: bool) -> list[Row]:
    """FindDocumentsByReferenceId: FindDocuments, of documents that bear each of the references asked for."""
    del leaf
    exchange.target(Function.LIST, None)
    wanted = required(parameters, _DOCUMENT + "ReferenceIdList")
    rows = _found_documents(exchange, parameters)
    return [row for row in rows if all(set(values) & set(row.facets["reference"]) for values in wanted)]


def _found_documents(exchange: Exchange, parameters: Parameters) -> list[Listed]:
    exchange.target(Function.LIST, None)
    target = patient(parameters, _DOCUMENT + "PatientId")
    dossier = exchange.require(Function.LIST, target)
    statuses = many(parameters, _DOCUMENT + "Status")
    _check(parameters, _DOCUMENT, (*_CODES, "Type", "DocumentAvailability"), _TIMES)
    criteria, stable = list(_criteria(parameters)), _asks_for_what_is_here(parameters)
    rows = [row for row in documents.listed(exchange.session, target) if stable and row.status in statuses]
    rows = [row for row in rows if all(one(row) for one in criteria) and is_visible(exchange, dossier, row)]
    exchange.tell_of_consultation()
    return rows


def _check(parameters: Parameters, prefix: str, listed: Iterable[str], times: Iterable[str]) -> None:
    """Raises RegistryRefusal for what is given more often than it may, whatever the dossier holds."""
    for name in listed:
        optional(parameters, prefix + name)
    for name in (f"{prefix}{time}{end}" for time in times for end in ("From", "To")):
        if name in parameters:
            one(parameters, name)


Criterion = Callable[[Listed], bool]


def _criteria(parameters: Parameters) -> Iterator[Criterion]:
    """What a document must fulfil: nothing for a parameter that is not there."""
    for name, facet in _CODES.items():
        if _DOCUMENT + name in parameters:
            yield _has_code(facet, optional(parameters, _DOCUMENT + name))
    for name, facet in _CODES_OF_SEVERAL.items():
        yield from (_has_code(facet, values) for values in parameters.get(_DOCUMENT + name, []))
    for name in _TIMES:
        if _DOCUMENT + name + "From" in parameters or _DOCUMENT + name + "To" in parameters:
            yield _is_in_range(parameters, name)
    for values in parameters.get(_DOCUMENT + "AuthorPerson", []):
        yield _has_author(values)


def _has_code(facet: str, values: list[str] | None) -> Criterion:
    wanted = set(values or ())
    return lambda row: not wanted.isdisjoint(row.facets[facet])


def _is_in_range(parameters: Parameters, name: str) -> Criterion:
    return lambda row: in_range(row.facets[name[0].lower() + name[1:]], parameters, _DOCUMENT + name)


def _has_author(patterns: list[str]) -> Criterion:
    return lambda row: is_like(row.facets["author"], patterns)


def _asks_for_what_is_here(parameters: Parameters) -> bool:
    """All documents here are stable and online."""
    only = {"Type": DocumentEntryId.NODE, "DocumentAvailability": _ONLINE}
    return all(kind in (optional(parameters, _DOCUMENT + name) or [kind]) for name, kind in only.items())


def get_documents(exchange: Exchange, parameters: Parameters, leaf: bool) -> list[Row]:
    """GetDocuments, by entryUUID or uniqueId. ObjectRef is TD3.1b, the technical id alone."""
    function = Function.LIST if leaf else Function.TECHNICAL_ID
    target = exchange.target(function, None)
    dossier = exchange.require(function, target)
    kinds = {"EntryUUID": "entry_uuid", "UniqueId": "unique_id"}
    given = [name for name in kinds if _DOCUMENT + name in parameters]
    if len(given) != 1:
        sentence = "Un des paramètres EntryUUID ou UniqueId est attendu, un seul."
        raise too_many(sentence) if given else missing(sentence)
    values = {value.lower() for value in many(parameters, _DOCUMENT + given[0])}
    rows = documents.listed(exchange.session, target)
    found = [row for row in rows if getattr(row, kinds[given[0]]) in values]
    if not leaf:
        return [row for row in found if is_known(exchange, dossier, row)]
    exchange.tell_of_consultation()
    return [row for row in found if is_visible(exchange, dossier, row)]


def find_submission_sets(exchange: Exchange, parameters: Parameters, leaf: bool) -> list[Row]:
    """FindSubmissionSets. A lot whose every document is hidden from the caller is hidden too."""
    del leaf
    exchange.target(Function.LIST, None)
    target = patient(parameters, _SET + "PatientId")
    dossier = exchange.require(Function.LIST, target)
    statuses = many(parameters, _SET + "Status")
    _check(parameters, _SET, ("SourceId", "ContentType"), ("SubmissionTime",))
    rows, _ = _visible_world(exchange, dossier, target)
    exchange.tell_of_consultation()
    return [row for row in rows if names.APPROVED in statuses and _is_selected_set(row, parameters)]


def _is_selected_set(row: SubmissionRow, parameters: Parameters) -> bool:
    view = SubmissionSetView(xml.parse(row.xml))
    content = {f"{code.code}^^{code.system}" for code in view.coded(SubmissionSetId.CONTENT_TYPE)}
    sources, contents = optional(parameters, _SET + "SourceId"), optional(parameters, _SET + "ContentType")
    authors = ["^".join(p.components) for author in view.authors(SubmissionSetId.AUTHOR) for p in author.persons]
    return (
        (sources is None or view.first_external(SubmissionSetId.SOURCE_ID) in sources)
        and (contents is None or bool(content & set(contents)))
        and in_range(view.slot("submissionTime"), parameters, _SET + "SubmissionTime")
        and (_SET + "AuthorPerson" not in parameters or is_like(authors, [one(parameters, _SET + "AuthorPerson")]))
    )


def get_associations(exchange: Exchange, parameters: Parameters, leaf: bool) -> list[Row]:
    """GetAssociations: those of the given objects, between objects that the caller may see."""
    del leaf
    target = exchange.target(Function.LIST, None)
    dossier = exchange.require(Function.LIST, target)
    wanted = {value.lower() for value in many(parameters, "$uuid")}
    sets, entries = _visible_world(exchange, dossier, target)
    seen = {row.entry_uuid for row in sets} | {row.entry_uuid for row in entries}
    return [
        row
        for row in submissions.associations(exchange.session, target)
        if {row.source, row.target} <= seen and {row.source, row.target} & wanted
    ]


def _visible_world(exchange: Exchange, dossier: Dossier, target: Ins) -> tuple[list[SubmissionRow], list[Listed]]:
    """Submission sets and documents that the caller may see."""
    rows = documents.listed(exchange.session, target)
    entries = [row for row in rows if is_visible(exchange, dossier, row)]
    shown = {row.entry_uuid for row in entries}
    hidden = {row.entry_uuid for row in rows if not documents.is_lot_signature(row)} - shown
    about: dict[str, set[str]] = {}
    for link in submissions.associations(exchange.session, target):
        about.setdefault(link.source, set()).add(link.target)
    sets = submissions.of_patient(exchange.session, target)
    members = [about.get(row.entry_uuid, set()) for row in sets]
    return [row for row, ids in zip(sets, members, strict=True) if ids & shown or not ids & hidden], entries


QUERIES: dict[str, Callable[[Exchange, Parameters, bool], list[Row]]] = {
    StoredQuery.FIND_DOCUMENTS: find_documents,
    StoredQuery.GET_DOCUMENTS: get_documents,
    StoredQuery.FIND_SUBMISSION_SETS: find_submission_sets,
    StoredQuery.GET_ASSOCIATIONS: get_associations,
    StoredQuery.FIND_BY_REFERENCE: find_by_reference,
}
