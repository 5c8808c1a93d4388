"""Optional validation of every ebXML request and answer against the official XSDs of a folder given at start."""

from __future__ import annotations

import copy
import threading
from pathlib import Path

from lxml import etree

from reference_server import names, xml
from reference_server.errors import BadRequest, CannotStart
from reference_server.names import q
from reference_server.xml import Element

_FILES = {
    names.XDSB: "XDS.b_DocumentRepository.xsd",
    names.QUERY: "query.xsd",
    names.RS: "rs.xsd",
    names.LCM: "lcm.xsd",
}


class Schemas:
    """The schemas of ``folder``. Raises CannotStart when they cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()  # an lxml schema keeps its last errors in itself
        try:
            self._by_namespace = {
                namespace: etree.XMLSchema(etree.parse(str(folder / name))) for namespace, name in _FILES.items()
            }
        except (OSError, etree.LxmlError) as error:
            raise CannotStart("schemas") from error

    def check(self, payload: Element) -> None:
        """Raises BadRequest with the line and kind of the first error, never its content."""
        schema = self._by_namespace.get(etree.QName(payload).namespace)
        if schema is None:
            return
        with self._lock:
            if not schema.validate(_without_octets(payload)):
                first = schema.error_log[0]
                raise BadRequest("SchemaInvalid", f"elle ne suit pas le schéma ({first.type_name}, ligne {first.line})")


def _without_octets(payload: Element) -> Element:
    """A copy whose documents are empty: an xop:Include stands where base 64 would."""
    made = copy.deepcopy(payload)
    for document in made.iter(q(names.XDSB, "Document")):
        for child in xml.children(document):
            document.remove(child)
        document.text = ""
    return made
