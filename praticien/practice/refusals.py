"""Why the practice says no by itself, before anybody outside is asked."""

from __future__ import annotations

from praticien.errors import InvalidInput, PraticienError, Refused


class StaleReading(Refused):
    """The Vitale was read more than twenty minutes ago."""

    code = "vitale.stale"


class TestCardRefused(Refused):
    """A test card where the configuration says production."""

    __test__ = False  # not a pytest class
    code = "card.test_refused"


class NoRights(Refused):
    """A kind of card to which the DMP opens nothing (CPA)."""

    code = "card.no_rights"


class NoProfession(Refused):
    """A professional's card that does not say which profession its holder has, or is in training for."""

    code = "card.no_profession"


class VitaleSwapped(Refused):
    """The Vitale in the reader is no longer the one on which the patient was chosen."""

    code = "vitale.swapped"


class NoOwnNir(Refused):
    """The card has no certified NIR for this beneficiary: identity must be found by traits."""

    code = "vitale.no_own_nir"


class CenturyMissing(InvalidInput):
    """The card gives a birth year without century: ask, never guess."""

    code = "vitale.century_missing"


class IdentityMismatch(Refused):
    """INSi, the card and what was typed do not speak of the same person; ``differing`` names the traits."""

    code = "identity.mismatch"

    def __init__(self, differing: tuple[str, ...]) -> None:
        super().__init__(rule="INS")
        self.differing = differing


def error_code(error: BaseException) -> str:
    """The sentence key of any error: its own code, or "internal" when it is our bug."""
    return error.code if isinstance(error, PraticienError) else "internal"
