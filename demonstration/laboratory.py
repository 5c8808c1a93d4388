"""What the fictitious laboratory sends: ORU^R01 messages about the people of the demonstration."""

from __future__ import annotations

from datetime import datetime, timedelta

from demonstration.people import GP, LABORATOIRE
from reference_server.seeds import DossierSeed

_MINE = "1.2.250.1.999.8"


def pid(seed: DossierSeed) -> str:
    """PID as PAM writes it in France: INS and local number, birth name (L)."""
    traits = seed.traits
    ins = f"{seed.ins.matricule}^^^ASIP-SANTE-INS-NIR&{seed.ins.oid}&ISO^INS"
    name = f"{traits.birth_name}^{traits.first_name}^{' '.join(traits.birth_first_names)}^^^^L"
    local = f"TEST-{traits.birth_date}^^^LABO&{_MINE}&ISO^PI"
    return f"PID|1||{local}~{ins}||{name}||{traits.birth_date}|{traits.sex.value}"


def header(control_id: str, now: datetime, *, charset: str = "UNICODE UTF-8") -> str:
    """MSH of an unsolicited result, in training mode: nothing here is real."""
    when = now.strftime("%Y%m%d%H%M%S")
    sender = f"SIL-FICTIF|{LABORATOIRE.name}|PRATICIEN|CABINET"
    return f"MSH|^~\\&|{sender}|{when}||ORU^R01^ORU_R01|{control_id}|T|2.5|||||FRA|{charset}"


def blood_test(seed: DossierSeed, now: datetime, *, number: str = "TEST-2026-000123", status: str = "F") -> str:
    """Haematology and biochemistry, one result flagged high, one local code, one comment."""
    collected = (now - timedelta(hours=20)).strftime("%Y%m%d%H%M%S")
    released = (now - timedelta(hours=2)).strftime("%Y%m%d%H%M%S")
    prescriber = f"{GP.national_id[1:]}^{GP.family_name}^{GP.given_name}^^^^^^ASIP&1.2.250.1.71.4.2.1&ISO^D^^^RPPS"

    def obr(rank: int, name: str, section: str) -> str:
        return (
            f"OBR|{rank}|ORD-77^CABINET|{number}^LABO^{_MINE}^ISO|{name}|||{collected}|||||||{collected}||{prescriber}"
            f"||||||{released}||{section}|{status}"
        )

    return "\r".join(
        [
            header(f"MSG-{number}-{status}", now),
            pid(seed),
            f"ORC|RE|ORD-77^CABINET|{number}^LABO^{_MINE}^ISO||||||{collected}|||{prescriber}",
            obr(1, "NFS^Numération formule sanguine^L", "HM"),
            "OBX|1|NM|718-7^Hémoglobine [Masse/Volume] Sang ; Numérique^LN^HB^Hémoglobine^L||13,2|g/dL"
            f"|12,0 - 16,0|N|||{status}|||{released}|||^Impédance",
            "OBX|2|NM|26464-8^Leucocytes [Nombre/Volume] Sang ; Numérique^LN^GB^Leucocytes^L||12.4|G/L"
            f"|4.0 - 10.0|H|||{status}|||{released}",
            obr(2, "BIO^Bilan sanguin^L", "CH"),
            "OBX|1|NM|14749-6^Glucose [Moles/Volume] Sérum/Plasma ; Numérique^LN^GLY^Glycémie à jeun^L||5.1"
            f"|mmol/L|3,9 - 6,1|N|||{status}|||{released}",
            f"OBX|2|SN|CRP^Protéine C réactive^L||<^5|mg/L|<5|N|||{status}|||{released}",
            "NTE|1|L|Résultat à interpréter selon le contexte clinique.",
            f"OBX|3|ST|ASP^Aspect du sérum^L||légèrement lactescent||limpide|A|||{status}|||{released}",
            "SPM|1|TEST-ECH-1&LABO||BLDV^Sang veineux^HL70487",
            "",
        ]
    )


def urine_culture(seed: DossierSeed, now: datetime, *, number: str = "TEST-2026-000124") -> str:
    """A culture with one isolate and its antibiogram in a child order."""
    when = now.strftime("%Y%m%d%H%M%S")
    return "\r".join(
        [
            header(f"MSG-{number}", now, charset="8859/1"),
            pid(seed),
            f"OBR|1||{number}^LABO^{_MINE}^ISO|ECBU^Examen cytobactériologique des urines^L|||{when}|||||||{when}"
            f"||||||||{when}||MB|F",
            "OBX|1|ST|5767-9^Aspect [Aspect] Urine ; Résultat nominal^LN^ASP^Aspect^L||trouble||||||F",
            "OBX|2|NM|30405-5^Leucocytes [Nombre/Volume] Urine^LN^LEU^Leucocytes^L||500000|/mL|<10000|H|||F",
            "OBX|3|CWE|630-4^Bactérie identifiée Urine^LN|1|112283007^Escherichia coli (organism)^SCT"
            "^^^^^^Escherichia coli||||||F",
            "OBX|4|SN|51480-2^Bactérie [Nombre/Volume] Urine^LN^DEN^Dénombrement^L|1.1|>=^1000000|/mL|||||F",
            f"OBR|2||{number}-A^LABO^{_MINE}^ISO|18769-0^Antibiogramme^LN|||{when}|||||||||||||||{when}||MB|F"
            f"|630-4&Bactérie identifiée&LN^1^Escherichia coli|||^{number}",
            "OBX|1|SN|20-8^Amoxicilline+clavulanate [Sensibilité] Isolat ; CMI^LN^AMC^Amoxicilline-clavulanate^L"
            "||>=^32|ug/mL||R|||F",
            "OBX|2|SN|18928-2^Gentamicine [Sensibilité] Isolat^LN^GEN^Gentamicine^L||<^1|ug/mL||S|||F",
            "SPM|1|TEST-ECH-2&LABO||URINM^Urine milieu de jet^HL70487",
            "",
        ]
    )
