"""One French sentence per error code: what happened, what one can do, and, one click away, the technical details.

``SENTENCES`` joins the tables of this package, one a subject; a new code gets its sentence there. Placeholders:
``{tries}`` (PIN tries left), ``{traits}`` (traits that differ), ``{same}`` (an earlier document).
"""

from __future__ import annotations

from dataclasses import dataclass

from praticien.errors import EnvironmentProblem, InvalidInput, PraticienError, Refused
from ui.messages.access import ACCESS_SENTENCES
from ui.messages.acts import ACT_SENTENCES
from ui.messages.cards import CARD_SENTENCES
from ui.messages.documents import DOCUMENT_SENTENCES
from ui.messages.emergency import EMERGENCY_SENTENCES
from ui.messages.general import GENERAL_SENTENCES
from ui.messages.identity import IDENTITY_SENTENCES
from ui.messages.imaging import IMAGING_SENTENCES
from ui.messages.lab import LAB_SENTENCES
from ui.messages.why import basis_of
from ui.messages.wire import WIRE_SENTENCES
from ui.text import count


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown of an error. ``details`` is copyable and holds no personal data.

    ``basis``: the rule that a refusal rests on, and who can change it. ``told``: the server's own words (PRE_ERR);
    they may speak of anybody, so they are shown with the details, never copied or logged.
    """

    text: str
    advice: str = ""
    details: str = ""
    basis: str = ""
    told: str = ""

    @property
    def whole(self) -> str:
        """Sentence and advice on one line."""
        return f"{self.text} {self.advice}".strip()


S = tuple[str, str]
SENTENCES: dict[str, S] = {
    **GENERAL_SENTENCES,
    **CARD_SENTENCES,
    **IDENTITY_SENTENCES,
    **ACCESS_SENTENCES,
    **WIRE_SENTENCES,
    **ACT_SENTENCES,
    **EMERGENCY_SENTENCES,
    **LAB_SENTENCES,
    **DOCUMENT_SENTENCES,
    **IMAGING_SENTENCES,
}

TRAITS = {
    "ins": "matricule INS",
    "birth_name": "nom de naissance",
    "first_name": "premier prénom",
    "birth_first_name": "premier prénom",
    "birth_date": "date de naissance",
    "sex": "sexe",
    "birth_place": "lieu de naissance",
    "identity": "identité du patient",
}

_FALLBACKS: tuple[tuple[type[PraticienError], S], ...] = (
    (Refused, SENTENCES["refused"]),
    (InvalidInput, SENTENCES["input.invalid"]),
    (EnvironmentProblem, SENTENCES["environment"]),
    (PraticienError, SENTENCES["error"]),
)


def sentence(error: BaseException) -> Message:
    """What to show of an error; unknown codes get the sentence of their family, our own bugs "internal"."""
    if not isinstance(error, PraticienError):
        text, advice = SENTENCES["internal"]
        return Message(text, advice, type(error).__name__)
    text, advice = SENTENCES.get(_key(error)) or _fallback(error)
    values = {"tries": tries_words(getattr(error, "tries_left", None)), "traits": _differing(error)}
    values["same"] = same_words(getattr(error, "title", ""), getattr(error, "day", ""))
    told = getattr(getattr(error, "fault", None), "text", "")
    return Message(text.format(**values), advice, _details(error), basis_of(_key(error)), told)


def for_code(code: str, rule: str = "") -> Message:
    """The same for a code kept somewhere (outbox) instead of an exception."""
    text, advice = SENTENCES.get(rule) or SENTENCES.get(code) or SENTENCES["error"]
    details = " · ".join(part for part in (code, rule) if part)
    return Message(
        text.format(tries=tries_words(None), traits="traits d’identité", same=same_words()),
        advice,
        details,
        basis_of(rule) or basis_of(code),
    )


def tries_words(tries: int | None) -> str:
    """``2 essais``; unknown when the card did not say."""
    return "moins d’essais" if tries is None else count(tries, "essai", "essais")


def same_words(title: str = "", day: str = "") -> str:
    """``« Ordonnance », le 12/03/2026``."""
    named = f"«\u00a0{title}\u00a0»" if title else "un autre document"
    return f"{named}, le {day}" if day else named


def trait_words(trait: str) -> str:
    """A trait's name in French."""
    return TRAITS.get(trait, trait)


def _key(error: PraticienError) -> str:
    """A refusal that names one of our access rules says that rule's sentence."""
    return error.rule if error.code == "refused" and error.rule in SENTENCES else error.code


def _fallback(error: PraticienError) -> S:
    return next(words for family, words in _FALLBACKS if isinstance(error, family))


def _differing(error: PraticienError) -> str:
    names = getattr(error, "differing", ()) or getattr(error, "traits", ())
    return ", ".join(dict.fromkeys(trait_words(name) for name in names)) or "traits d’identité"


def _details(error: PraticienError) -> str:
    return " · ".join(part for part in (error.code, error.rule, error.detail) if part)
