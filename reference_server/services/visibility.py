"""Which documents of a dossier this caller sees."""

from __future__ import annotations

from reference_server import document_rights, xml
from reference_server.access import Dossier, Verdict
from reference_server.document_rights import Document
from reference_server.exchange import Exchange
from reference_server.metadata.views import Entry
from reference_server.storage.documents import Listed
from reference_server.storage.tables import DocumentRow

Stored = DocumentRow | Listed


def document_of(exchange: Exchange, row: Stored) -> Document:
    """What matters of a stored document for this caller."""
    caller = exchange.caller
    authors = [author.split("^") for author in row.facets["author"]]
    return Document(
        own=not caller.is_staff and caller.identifier in row.author_ids,
        imputed=caller.is_staff and is_imputed(row, caller.structure.national_id),
        by_patient=any(author[12:13] == ["INS"] for author in authors),
        masked=row.masked,
        type_code=row.facets["type"][0].split("^^")[0] if row.facets["type"] else "",
    )


def is_imputed(row: Stored, structure: str) -> bool:
    """Whether one of its authors wrote it for this structure."""
    entry = Entry(xml.parse(row.xml))
    return any(place.identifier == structure for author in entry.author_views for place in author.institutions)


def sight(exchange: Exchange, dossier: Dossier, row: Stored) -> Verdict:
    """May the caller see it, and by which rule?"""
    document = document_of(exchange, row)
    return document_rights.may_see(exchange.caller.actor, dossier, document, exchange.now.date())


def is_known(exchange: Exchange, dossier: Dossier, row: Stored) -> bool:
    """Whether the caller may learn that it exists. Staff see none, but name those that professionals may see."""
    document = document_of(exchange, row)
    if document.own or document.imputed or (exchange.caller.is_staff and not document.masked):
        return True
    return sight(exchange, dossier, row).allowed


def is_visible(exchange: Exchange, dossier: Dossier, row: Stored) -> bool:
    """Whether the caller may see it."""
    return sight(exchange, dossier, row).allowed
