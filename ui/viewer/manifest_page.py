"""A manifest (KOS) as HTML of our own: what was examined, which series, where the images are. No link opens."""

from __future__ import annotations

from html import escape

from praticien.documents.manifest import Manifest, ManifestSeries
from praticien.documents.nomenclatures import MODALITIES
from ui.text import count, date_text
from ui.viewer.cda_html import page

_NOTE = (
    "Ce document ne contient pas d’images\u00a0: il dit lesquelles existent et à quelle adresse les demander. "
    "Ce logiciel ne les demande pas\u00a0; copiez l’adresse dans votre visionneuse, ou appelez le service d’imagerie."
)
_HEADINGS = ("Série", "Modalité", "Objets", "Adresse")


def manifest_page(manifest: Manifest) -> str:
    """The whole page."""
    rows = "".join(_row(series) for series in manifest.series)
    head = "".join(f"<th>{title}</th>" for title in _HEADINGS)
    facts = "".join(f"<tr><td>{name}</td><td>{escape(value)}</td></tr>" for name, value in _facts(manifest) if value)
    return page(
        f'<h2>Images de l’examen</h2><table class="facts">{facts}</table>'
        f"<table><tr>{head}</tr>{rows}</table><p>{_NOTE}</p>"
    )


def _facts(manifest: Manifest) -> tuple[tuple[str, str], ...]:
    header = manifest.header
    size = f"{count(len(manifest.series), 'série', 'séries')}, {count(manifest.objects, 'objet', 'objets')}"
    return (
        ("Examen", header.study_description),
        ("Date", date_text(header.study_date) if header.study_date else ""),
        ("Numéro d’examen", header.accession_number),
        ("Demandé par", header.requester),
        ("Contenu", size),
        ("Identifiant", header.study_uid),
    )


def _row(series: ManifestSeries) -> str:
    modality = MODALITIES.get(series.modality, series.modality) or "—"
    cells = (series.description or "—", modality, str(series.objects), series.url or "non indiquée")
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
