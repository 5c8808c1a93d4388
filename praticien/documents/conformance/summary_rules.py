"""Medical syntheses (VSM). Source: CI-SIS volet VSM 2023.01, IHE PCC, facts typed in."""

from praticien.documents.conformance.rules import read

MODEL, VERSION = "1.2.250.1.213.1.1.1.13", "2023.01"
_PCC, _CCD, _FR = "1.3.6.1.4.1.19376.1.5.3.1", "2.16.840.1.113883.10.20.1", "1.2.250.1.213.1.1"
_STATES = "statusCode[@code='completed' or @code='active' or @code='aborted' or @code='suspended']"
_ENDED = "statusCode[@code='completed' or @code='aborted']"
_ENDS_WHEN_ENDED = (
    f"effectiveTime/@nullFlavor or ({_ENDED} and effectiveTime/high) or (not({_ENDED}) and not(effectiveTime/high))"
)
_PLAIN = f"[not(templateId/@root='{_FR}.3.210') and not(templateId/@root='{_PCC}.4.6')]"
_ROLES = "2.16.840.1.113883.5.111"
_NO_LENGTH = "not(effectiveTime/width or effectiveTime/center)"


def _sections(*roots: str) -> str:
    """One of these subsections, or none at all."""
    listed = "\n    or ".join(f"component/section/templateId/@root='{root}'" for root in roots)
    return f"not(component/section)\n    or {listed}"


def _text_or_sections(number: int) -> str:
    """Words without subsections; all the subsections without words; or some of them."""
    return (
        f"(not(component/section) and text) or (count(component/section)={number} and not(text))"
        f"\n    or (component/section and count(component/section)<{number})"
    )


SUMMARY = read(
    "CI-SIS VSM 2023.01",
    f"""
summary.header /
  code[@code='SYNTH' and @codeSystem='1.2.250.1.213.1.1.4.12']
summary.body /component/structuredBody
  component/section{{{_FR}.2.29}}
  component/section{{{_PCC}.3.27}}
  component/section{{{_FR}.2.32}}
""",
)

SYNTHESIS_SECTIONS = read(
    "IHE PCC, CI-SIS modèles de contenus",
    f"""
section.conclusions {{{_FR}.2.29}}
  self::section
  id 1..1
  code#LOINC:46612-8
  component/section{{{_FR}.2.30}}
  component/section{{{_FR}.2.31}}
section.history_parts {{{_FR}.2.30}}
  self::section
  id 1..1
  code#LOINC:34117-2
  {_sections(f"{_PCC}.3.6", f"{_PCC}.3.8", f"{_PCC}.3.12", f"{_PCC}.3.13")}
  {_text_or_sections(4)}
section.risk_parts {{{_FR}.2.31}}
  self::section
  id 1..1
  code#LOINC:57207-3
  {_sections(f"{_PCC}.3.16.1", f"{_PCC}.1.5.3.1", f"{_PCC}.3.15")}
  {_text_or_sections(3)}
section.risks {{{_PCC}.1.5.3.1}}
  self::section
  id 1..1
  code#LOINC:10161-8
section.plan {{{_FR}.2.32}}
  self::section
  id 1..1
  code#LOINC:18776-5
  {_sections(f"{_PCC}.3.19")}
  (not(component/section) and text) or (component/section and not(text))
section.problems {{{_PCC}.3.6}}
  self::section
  templateId 2..*
  templateId[@root='{_CCD}.11']
  code[@codeSystem='2.16.840.1.113883.6.1']
  descendant::templateId[@root='{_PCC}.4.5.2']
section.history {{{_PCC}.3.8}}
  self::section
  code[@code='11348-0']
  code[@codeSystem='2.16.840.1.113883.6.1']
  descendant::templateId[@root='{_PCC}.4.5.2']
section.allergies {{{_PCC}.3.13}}
  self::section
  templateId[@root='{_CCD}.2']
  code[@code='48765-2']
  code[@codeSystem='2.16.840.1.113883.6.1']
  descendant::templateId[@root='{_PCC}.4.5.3']
section.coded_procedures {{{_PCC}.3.12}}
  templateId 3..*
  templateId[@root='{_PCC}.3.11']
  id
  descendant::templateId[@root='{_PCC}.4.19']
section.procedures {{{_PCC}.3.11}}
  self::section
  templateId 2..*
  templateId[@root='{_CCD}.12']
  code[@code='47519-4']
  code[@codeSystem='2.16.840.1.113883.6.1']
section.coded_habits {{{_PCC}.3.16.1}}
  templateId[@root='{_PCC}.3.16']
  templateId 3..*
  descendant::templateId[@root='{_PCC}.4.13.4']
section.habits {{{_PCC}.3.16}}
  self::section
  templateId[@root='{_CCD}.15']
  code[@code='29762-2']
  code[@codeSystem='2.16.840.1.113883.6.1']
section.coded_family {{{_PCC}.3.15}}
  templateId 2..*
  templateId[@root='{_PCC}.3.14']
  descendant::templateId[@root='{_PCC}.4.15']
section.family {{{_PCC}.3.14}}
  self::section
  code[@code='10157-6']
  code[@codeSystem='2.16.840.1.113883.6.1']
section.treatments {{{_PCC}.3.19}}
  self::section
  templateId[@root='{_CCD}.8']
  templateId 2..*
  code[@code='10160-0']
  code[@codeSystem='2.16.840.1.113883.6.1']
  descendant::templateId[@root='{_PCC}.4.7']
section.results {{{_PCC}.3.27}}
  self::section
  code[@code='30954-2']
  code[@codeSystem='2.16.840.1.113883.6.1']
  not(entry) or templateId[@root='{_PCC}.3.28']
""",
)

SYNTHESIS_ENTRIES = read(
    "IHE PCC, CI-SIS modèles de contenus",
    f"""
entry.concern {{{_PCC}.4.5.1}}
  not(author) or (author/assignedAuthor/id and author/assignedAuthor/addr and author/assignedAuthor/telecom
    and author/assignedAuthor/assignedPerson/name and author/assignedAuthor/representedOrganization/name)
entry.concern {{{_PCC}.4.5.1}}/self::*[not(templateId/@root='{_FR}.3.39.1')]
  ../act[@classCode='ACT']
  ../act[@moodCode='EVN']
  templateId[@root='{_CCD}.27']
  id
  code[@nullFlavor='NA']
  {_STATES}
  effectiveTime/@nullFlavor or effectiveTime/low
  {_ENDS_WHEN_ENDED}
  entryRelationship[@typeCode='SUBJ']
  entryRelationship/*/templateId[@root='{_PCC}.4.5' or @root='{_PCC}.4.6']
entry.problem_concern {{{_PCC}.4.5.2}}
  code[@nullFlavor='NA']
  templateId[@root='{_PCC}.4.5.1']
  templateId[@root='{_CCD}.27']
  templateId 3..*
  ../act[@classCode='ACT']
  ../act[@moodCode='EVN']
  id
  {_STATES}
  effectiveTime/@nullFlavor or effectiveTime/low
  entryRelationship[@typeCode='SUBJ']/*/templateId[@root='{_PCC}.4.5']
entry.allergy_concern {{{_PCC}.4.5.3}}
  self::act[@classCode='ACT' and @moodCode='EVN']
  id 1..1
  code 1..1
  code[@nullFlavor='NA']
  {_STATES}
  {_NO_LENGTH}
  effectiveTime/low[@value or @nullFlavor]
  {_ENDS_WHEN_ENDED}
  templateId[@root='{_CCD}.27']
  templateId[@root='{_PCC}.4.5.1']
  templateId 3..*
  entryRelationship[@typeCode='SUBJ' and @inversionInd='false']/descendant::templateId[@root='{_PCC}.4.6']
entry.problem {{{_PCC}.4.5}}
  self::observation[@classCode='OBS' and @moodCode='EVN']
  code 1..1
  code[@code and @codeSystem]
  value 1..1
  templateId[@root='{_CCD}.28']
  id 1..1
  text/reference[@value]
  (value[contains(@xsi:type,'CD')] and count(value/originalText)=1) or value/@nullFlavor
  statusCode[@code='completed']
  {_NO_LENGTH}
  effectiveTime/low[@value or @nullFlavor='UNK' or @nullFlavor='NAV']
  value[contains(@xsi:type,'CD') or @nullFlavor='UNK']
  value[@code and @codeSystem] or (not(value[@code]) and not(value[@codeSystem]))
  entryRelationship/observation/templateId[@root='{_PCC}.4.1'] 0..1
  entryRelationship/observation/templateId[@root='{_PCC}.4.1.1'] 0..1
  entryRelationship/observation/templateId[@root='{_PCC}.4.1.2'] 0..1
entry.problem {{{_PCC}.4.5}}/self::observation{_PLAIN}
  code among problem
entry.allergy {{{_PCC}.4.6}}
  self::observation[@classCode='OBS']
  id 1..1
  templateId[@root='{_CCD}.18']
  templateId[@root='{_PCC}.4.5']
  templateId 3..*
  code[@code and @codeSystem='2.16.840.1.113883.6.96']
  code among reaction
  {_NO_LENGTH}
  effectiveTime/low[@value or @nullFlavor]
  statusCode[@code='completed']
  value/originalText
  value[contains(@xsi:type,'CD')]
  value[@code and @codeSystem] or value[not(@code) and not(@codeSystem)]
  not(participant) or participant/participantRole/playingEntity/code/originalText/reference
  entryRelationship/*/templateId[@root='{_PCC}.4.1'] 0..1
  entryRelationship/*/templateId[@root='{_PCC}.4.1.1'] 0..1
  entryRelationship/*/templateId[@root='{_FR}.3.171'] 0..1
entry.procedure {{{_PCC}.4.19}}
  self::procedure[@classCode='PROC']
  (@moodCode='EVN' and templateId/@root='{_CCD}.29') or (@moodCode='INT' and templateId/@root='{_CCD}.25')
  templateId[@root='{_FR}.3.62']
  id
  code 1..1
  text 1..1
  text/reference[@value]
  statusCode 1..1
  statusCode[@code='completed' or @code='active' or @code='aborted' or @code='cancelled']
  not(@moodCode='INT') or effectiveTime or priorityCode
entry.habit {{{_PCC}.4.13.4}}
  @moodCode='EVN' and @classCode='OBS'
  id 0..1
  code 1..1
  text[reference/@value] 1..1
  statusCode 1..1
  effectiveTime 1..1
  value
  templateId[@root='{_PCC}.4.13']
  templateId[@root='{_CCD}.33']
  templateId 3..*
  not(repeatNumber or interpretationCode or methodCode or targetSiteCode)
entry.habit //observation{{{_FR}.3.52}}
  code among habit
entry.family_problem {{{_PCC}.4.13.3}}
  self::observation[@classCode='OBS' and @moodCode='EVN']
  id 1..1
  code 1..1
  text[reference/@value] 1..1
  statusCode[@code='completed']
  templateId[@root='{_PCC}.4.13']
  templateId[@root='{_CCD}.22']
  templateId 3..*
  interpretationCode 0..1
  methodCode 0..1
  targetSiteCode 0..1
  author 0..1
entry.family {{{_PCC}.4.15}}
  self::organizer[@moodCode='EVN' and @classCode='CLUSTER']
  templateId[@root='{_CCD}.23']
  templateId 2..*
  subject[@typeCode='SBJ']
  subject/relatedSubject[@classCode='PRS']
  subject/relatedSubject[@classCode='PRS']/code[(@code and @codeSystem='{_ROLES}') or @nullFlavor]
  not(participant) or participant/participantRole[@classCode='PRS']/playingEntity[@classCode='PSN']
  not(participant) or participant/participantRole[@classCode='PRS']/code[@code and @codeSystem='{_ROLES}']
  descendant::component[@typeCode='COMP']/observation/templateId[@root='{_PCC}.4.13.3'] 1..*
entry.relative {{{_PCC}.4.15.2}}
  ../subject[@typeCode='SBJ']
  relatedSubject[@classCode='PRS']
  relatedSubject/code
  self::subject/relatedSubject/code among relationship or null
""",
)
