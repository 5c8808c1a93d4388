"""Forms of the patients' and the operator's pages: read whole, or refused with a word.

The pages are under an unguessable path. Should it become known, another site's page still cannot post there (CSRF):
browsers say where a form comes from.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from aiohttp import web

MAX_FIELDS = 2000
MAX_NAME = 60
_CONTENT_TYPE = "application/x-www-form-urlencoded"
_ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii"})


async def fields_of(request: web.Request) -> dict[str, str]:
    """Each field once, in UTF-8. Raises HTTPForbidden, HTTPUnsupportedMediaType, HTTPBadRequest, and the
    application's HTTPRequestEntityTooLarge.
    """
    if not _is_from_here(request):
        raise web.HTTPForbidden(text="Ce formulaire vient d’une autre page : rien n’a été changé.")
    body = await request.read()
    if not body:
        return {}
    if request.content_type != _CONTENT_TYPE or (request.charset or "utf-8").lower() not in _ENCODINGS:
        raise web.HTTPUnsupportedMediaType(text="Un formulaire simple, en UTF-8, est attendu : rien n’a été changé.")
    try:
        return _read(body)
    except ValueError:  # UnicodeDecodeError among them
        raise web.HTTPBadRequest(text="Le formulaire ne peut pas être lu : rien n’a été changé.") from None


def _read(body: bytes) -> dict[str, str]:
    pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    fields = dict(pairs)
    if len(fields) != len(pairs) or any(len(name) > MAX_NAME for name in fields):
        raise ValueError("repeated or long")
    if not all(text.isprintable() for pair in pairs for text in pair):
        raise ValueError("control characters")
    return fields


def _is_from_here(request: web.Request) -> bool:
    """By what the browser says; a program, which is no browser, says nothing and has no cookie to abuse either."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin in (None, f"http://{request.host}")
