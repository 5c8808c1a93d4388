"""Laboratory reports. Source: CI-SIS volet CR-BIO 2024.01 and IHE PaLM XD-LAB, facts typed in."""

from praticien.documents.conformance.rules import read

MODEL = "1.2.250.1.213.1.1.1.55"
_SECTIONS = " or ".join(
    f"templateId/@root='{root}'"
    for root in (
        "1.3.6.1.4.1.19376.1.3.3.2.1",
        "1.2.250.1.213.1.1.2.60",
        "1.3.6.1.4.1.19376.1.4.1.2.16",
        "1.2.250.1.213.1.1.2.128",
        "1.2.250.1.213.1.1.2.243",
        "1.2.250.1.213.1.1.2.147",
    )
)
_ENTRY = "//entry{1.3.6.1.4.1.19376.1.3.1}/act/entryRelationship/organizer/component"
_LOINC_OR_NOTHING = (
    "code[@code and @codeSystem='2.16.840.1.113883.6.1' and @displayName]"
    " or code[not(@code) and not(@displayName) and not(@codeSystemName) and not(@codeSystem)]"
)
_DONE = "statusCode[@code='completed' or @code='active' or @code='aborted']"
_HL7_DONE = "statusCode[@code='completed' or @code='active' or @code='aborted' or @code='obsolete']"

LABORATORY = read(
    "CI-SIS CR-BIO 2024.01",
    f"""
laboratory.header /
  title="Compte rendu d'examens biologiques"
  code[@code='11502-2' and @displayName="CR d'examens biologiques" and @codeSystem='2.16.840.1.113883.6.1']
  templateId[@root='1.3.6.1.4.1.19376.1.3.3']
  versionNumber[@value>0]
laboratory.patient /recordTarget/patientRole
  not(addr[@nullFlavor]) or addr[@nullFlavor='UNK']
  not(telecom[@nullFlavor]) or telecom[@nullFlavor='UNK']
  not(patient/administrativeGenderCode/@nullFlavor) or patient/administrativeGenderCode[@nullFlavor='UNK']
  not(patient/birthTime/@nullFlavor) or patient/birthTime[@nullFlavor='UNK']
laboratory.event /documentationOf/serviceEvent
  code
laboratory.performer /documentationOf/serviceEvent/performer
  time
  assignedEntity/addr
  assignedEntity/telecom
  assignedEntity/assignedPerson/name
  assignedEntity/representedOrganization/id
  assignedEntity/representedOrganization/name
  assignedEntity/representedOrganization/telecom
  assignedEntity/representedOrganization/addr
  assignedEntity/representedOrganization/standardIndustryClassCode
laboratory.responsible /componentOf/encompassingEncounter
  responsibleParty/assignedEntity/id
  responsibleParty/assignedEntity/code
  responsibleParty/assignedEntity/assignedPerson/name/family
laboratory.sections /component/structuredBody/component/section
  {_SECTIONS}
laboratory.body /component/structuredBody
  component/section{{1.3.6.1.4.1.19376.1.3.3.2.1}} 1..*
  component/section{{1.2.250.1.213.1.1.2.243}} 1..*
laboratory.entry //entry{{1.3.6.1.4.1.19376.1.3.1}}
  @typeCode
  act
  act/code[@codeSystem='2.16.840.1.113883.6.1'] or not(act/code/@code)
  act/{_DONE}
  act/entryRelationship[@typeCode='COMP']
laboratory.result_code {_ENTRY}/observation
  {_LOINC_OR_NOTHING}
laboratory.result_code {_ENTRY}/observation/code/translation
  @code and @displayName
laboratory.result_code {_ENTRY}/organizer/component/observation
  {_LOINC_OR_NOTHING}
laboratory.result_code {_ENTRY}/organizer/component/observation/code/translation
  @code and @displayName
laboratory.battery {{1.3.6.1.4.1.19376.1.3.1.4}}
  self::organizer
  {_DONE}
laboratory.isolate {{1.3.6.1.4.1.19376.1.3.1.5}}
  self::organizer[@classCode='CLUSTER' and @moodCode='EVN']
  {_DONE}
  specimen[@typeCode='SPC']
  specimen/specimenRole[@classCode='SPEC']
  specimen/specimenRole/specimenPlayingEntity[@classCode='MIC']
  specimen/specimenRole/specimenPlayingEntity/code
  not(performer) or performer[@typeCode='PRF']
laboratory.specimen {{1.3.6.1.4.1.19376.1.3.1.2}}
  participant[@typeCode='PRD' and participantRole/@classCode='SPEC']
  not(entryRelationship/act[code/@code='SPRECEIVE' and not(effectiveTime/@value)])
  not(entryRelationship/act/code[@code='SPRECEIVE']) or entryRelationship/act[code[@code='SPRECEIVE'
    and @codeSystem='1.3.5.1.4.1.19376.1.5.3.2'] and effectiveTime/@value]
laboratory.result {{1.3.6.1.4.1.19376.1.3.1.6}}
  @moodCode='EVN'
  statusCode[@code='completed' or @code='aborted']
  not(entryRelationship[@typeCode='REFR']) or entryRelationship[@typeCode='REFR']/observation/effectiveTime
  not(entryRelationship[@typeCode='REFR'])
    or entryRelationship[@typeCode='REFR']/observation/statusCode[@code='completed']
  referenceRange 0..1
laboratory.interpretation /
  descendant::observation/interpretationCode among interpretation
""",
)

ANALYSES = read(
    "CI-SIS modèles de contenus, IHE XD-LAB",
    f"""
section.laboratory {{1.3.6.1.4.1.19376.1.3.3.2.1}}
  (text and count(entry)=1 and not(component)) or (not(text) and not(entry) and component)
entry.laboratory {{1.3.6.1.4.1.19376.1.3.1}}
  self::entry[@typeCode='DRIV'] or ../entry[@typeCode='DRIV']
  act[@classCode='ACT' and @moodCode='EVN']
  act/{_DONE}
  not(act/effectiveTime) or (act/effectiveTime/low and act/effectiveTime/high)
entry.specimen {{1.3.6.1.4.1.19376.1.3.1.2}}
  @classCode='PROC' and @moodCode='EVN'
  effectiveTime
  targetSiteCode 0..1
  performer 0..1
  participant 1..1
  participant/participantRole/id 1..1
  entryRelationship[@typeCode='COMP']/act{{1.3.6.1.4.1.19376.1.3.1.3}} 0..1
entry.specimen_received {{1.3.6.1.4.1.19376.1.3.1.3}}
  @classCode='ACT' and @moodCode='EVN'
  code 1..1
  code/@code='SPRECEIVE'
  effectiveTime
entry.specimen_kind //procedure{{1.2.250.1.213.1.1.3.77}}/participant/participantRole/playingEntity
  code among specimen or null
entry.battery {{1.3.6.1.4.1.19376.1.3.1.4}}
  @classCode='BATTERY' and @moodCode='EVN'
  id 0..1
  {_HL7_DONE}
entry.isolate {{1.3.6.1.4.1.19376.1.3.1.5}}
  ../organizer[@classCode='CLUSTER' and @moodCode='EVN']
  {_DONE}
entry.isolate {{1.3.6.1.4.1.19376.1.3.1.5}}/specimen
  self::specimen[@typeCode='SPC']/specimenRole
  specimenRole/@classCode='SPEC'
  specimenRole/specimenPlayingEntity/@classCode='MIC'
  specimenRole/specimenPlayingEntity/code[(not(@code and @codeSystem)
    and translation[@codeSystem='2.16.840.1.113883.3.9471']) or (not(@code and @codeSystem and translation)
    and originalText) or @codeSystem='2.16.840.1.113883.6.96']
  specimenRole/specimenPlayingEntity/code[not(translation) or translation/@codeSystem='2.16.840.1.113883.3.9471']
entry.isolate {{1.2.250.1.213.1.1.3.79}}
  templateId[@root='1.3.6.1.4.1.19376.1.3.1.5']
  ../organizer[@classCode='CLUSTER' and @moodCode='EVN']
  {_DONE}
  specimen/specimenRole/@classCode='SPEC'
entry.result {{1.3.6.1.4.1.19376.1.3.1.6}}
  self::observation[@classCode='OBS' and @moodCode='EVN']
  code 1..1
  {_HL7_DONE}
entry.result {{1.2.250.1.213.1.1.3.80}}
  self::observation[@classCode='OBS' and @moodCode='EVN']
  templateId[@root='1.3.6.1.4.1.19376.1.3.1.6']
  code 1..1
  code/originalText 1..1
  code/originalText/reference 1..1
  {_HL7_DONE}
entry.laboratory_performer {{1.3.6.1.4.1.19376.1.3.3.1.7}}
  self::performer
  time
  assignedEntity/id
  assignedEntity/representedOrganization/id
  assignedEntity/representedOrganization/name
  assignedEntity/representedOrganization/telecom
  assignedEntity/representedOrganization/standardIndustryClassCode
  assignedEntity/representedOrganization/addr
""",
)
