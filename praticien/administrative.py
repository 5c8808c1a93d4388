"""Administrative data of a dossier (TD1.3): how to reach the patient, who represents them, the two oppositions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Representative:
    """A legal representative. ``relation`` is a code of HL7's PersonalRelationshipRoleType (MTH, FTH, RESPRSN…)."""

    relation: str
    family_name: str
    given_names: tuple[str, ...] = ()
    street: str = ""
    postal_code: str = ""
    city: str = ""
    telecoms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class AdministrativeData:
    """What the DMP keeps beside the identity, which comes from INSi alone and is not changed here.

    ``telecoms`` are URIs ("tel:0100000000", "mailto:…"). ``attached``: Mon espace santé, where the patient changes it.
    """

    used_name: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    telecoms: tuple[str, ...] = ()
    opposed_to_break_glass: bool = False
    opposed_to_regulation: bool = False
    attached: bool = True
    representatives: tuple[Representative, ...] = ()
