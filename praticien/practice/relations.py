"""What belongs with a document: its other versions, what came in the same sending, the same examination."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from praticien.access import Access
from praticien.identity import Ins
from praticien.metadata import Association, AssociationType, DocumentEntry
from praticien.ports import DmpGateway

_LONGEST_CHAIN = 50


@dataclass(frozen=True, slots=True, repr=False)
class Relations:
    """Around one document, itself left out of ``same_sending`` and ``same_examination``.

    ``versions`` are all of its chain, itself included, the newest first; one alone when it was never replaced.
    """

    versions: tuple[DocumentEntry, ...] = ()
    same_sending: tuple[DocumentEntry, ...] = ()
    same_examination: tuple[DocumentEntry, ...] = ()


def find(dmp: DmpGateway, patient: Ins, entry: DocumentEntry, access: Access) -> Relations:
    """Ask the registry (GetAssociations, GetDocuments, FindDocumentsByReferenceId). Raises the gateway's errors."""
    chain, edges = _chain(dmp, patient, entry.entry_uuid, access)
    sets = {e.source for e in edges if _brought(e, entry.entry_uuid)}
    members = {
        e.target for e in (dmp.associations(patient, sorted(sets), access) if sets else ()) if e.source in sets
    } - {entry.entry_uuid}
    wanted = (set(chain) | members) - {entry.entry_uuid}
    known = {one.entry_uuid: one for one in (dmp.get_entries(patient, sorted(wanted), access) if wanted else ())}
    known[entry.entry_uuid] = entry
    examination = dmp.find_by_reference(patient, entry.references, access) if entry.references else ()
    return Relations(
        versions=tuple(known[uuid] for uuid in chain if uuid in known),
        same_sending=tuple(one for uuid, one in known.items() if uuid in members),
        same_examination=tuple(one for one in examination if one.entry_uuid not in {*chain, *members}),
    )


def brought_by(edges: Iterable[Association], sets: Iterable[str]) -> frozenset[str]:
    """entryUUIDs of the documents that came with these submission sets; an update brings nothing new."""
    known = frozenset(sets)
    return frozenset(e.target for e in edges if e.source in known and _brought(e, e.target))


def _brought(edge: Association, entry_uuid: str) -> bool:
    return edge.type is AssociationType.HAS_MEMBER and edge.target == entry_uuid and not edge.previous_version


def _chain(dmp: DmpGateway, patient: Ins, entry_uuid: str, access: Access) -> tuple[list[str], list[Association]]:
    """The versions, newest first, and every association met; a registry that turns in circles is left."""
    chain, fresh = [entry_uuid], [entry_uuid]
    edges: list[Association] = []
    while fresh and len(chain) < _LONGEST_CHAIN:
        asked, fresh = fresh, []
        found = dmp.associations(patient, asked, access)
        edges += found
        for edge in found:
            if edge.type is AssociationType.REPLACE:
                fresh += _extend(chain, edge)
    return chain, edges


def _extend(chain: list[str], edge: Association) -> list[str]:
    """Put the unknown end of a replacement beside the known one."""
    if edge.target in chain and edge.source not in chain:
        chain.insert(chain.index(edge.target), edge.source)
        return [edge.source]
    if edge.source in chain and edge.target not in chain:
        chain.insert(chain.index(edge.source) + 1, edge.target)
        return [edge.target]
    return []
