"""The one parser for XML that comes from elsewhere: no DTD, no entity, no network, no huge tree.

The reference server has its own on purpose: a mistake made on both sides must not cancel out.
"""

from __future__ import annotations

from lxml import etree


def untrusting_parser() -> etree.XMLParser:
    """A fresh parser. The caller still refuses a DOCTYPE (``docinfo.internalDTD``) and bounds the size."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
