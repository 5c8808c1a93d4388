"""A new version replaces an old one in the registry: by the entryUUID, which is asked for when it is not known.

Sources: facts protocol 2.1 (TD2.1: RPLC to the entryUUID, "so TD3.1b first"); TD3.1b is open to staff too.
"""

from __future__ import annotations

from dataclasses import replace

from praticien.access import Access
from praticien.documents.model import NewDocument
from praticien.errors import Refused
from praticien.ports import DmpGateway


class FormerUnknown(Refused):
    """The registry does not know the document to replace, or no longer."""

    code = "document.former_unknown"


def located(document: NewDocument, dmp: DmpGateway, access: Access) -> NewDocument:
    """``document`` with the entryUUID of the version that it replaces. Raises FormerUnknown, and as the gateway."""
    former = document.replaces
    if former is None or former.entry_uuid:
        return document
    found = dmp.technical_ids(document.patient.qualified_ins, former.unique_id, access)
    if len(found) != 1:
        raise FormerUnknown
    return replace(document, replaces=replace(former, entry_uuid=found[0]))
