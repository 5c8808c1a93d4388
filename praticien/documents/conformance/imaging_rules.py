"""Imaging reports. Source: CI-SIS volet CR-IMG 2024.01 and DICOM PS3.20, facts typed in."""

from praticien.documents.conformance.rules import read

MODEL = "1.2.250.1.213.1.1.1.45"
_SECTION = "component/section{1.2.250.1.213.1.1.2."
_OBSERVED = "descendant::observation{1.2.250.1.213.1.1.3.150}"
_TYPED = "observation{1.2.250.1.213.1.1.3.150}"
_EXPOSED = "descendant::procedure{1.2.250.1.213.1.1.3.165}"
_MEASURED = "descendant::observation{1.2.250.1.213.1.1.3.154}"

IMAGING = read(
    "CI-SIS CR-IMG 2024.01",
    f"""
imaging.header /
  templateId[@root='1.2.840.10008.9.1']
  templateId[@root='1.2.840.10008.9.20']
  templateId[@root='1.2.840.10008.9.21']
  code#LOINC:18748-4
  documentationOf/serviceEvent/code/translation[@codeSystem='1.2.840.10008.2.16.4'] among modality
imaging.event /documentationOf/serviceEvent[code/@codeSystem='2.16.840.1.113883.6.1']
  code/translation 1..*
  code/translation/qualifier/name[@code='121139'] 1..*
imaging.order /inFulfillmentOf
  order
  order/id
  order/dicom:accessionNumber
imaging.body /component/structuredBody
  {_SECTION}209}} 1..1
  {_SECTION}206}} 1..*
  {_SECTION}210}} 0..1
  {_SECTION}205}} 0..1
  {_SECTION}1}} 0..1
  {_SECTION}208}} 0..1
  {_SECTION}207}} 0..1
  {_SECTION}150}} 0..1
  {_SECTION}73}} 0..1
  {_SECTION}37}} 0..1
imaging.conclusion {{1.2.250.1.213.1.1.2.209}}
  code#LOINC:19005-8
  text
imaging.comparison {{1.2.250.1.213.1.1.2.207}}
  code#LOINC:18834-2
  text
imaging.findings {{1.2.250.1.213.1.1.2.208}}
  code#LOINC:59776-5
  text
imaging.act {{1.2.250.1.213.1.1.2.206}}
  code#LOINC:55111-9
  text
  descendant::procedure{{1.2.250.1.213.1.1.3.153}} 1..*
  descendant::section{{1.2.250.1.213.1.1.2.214}} 0..1
  descendant::section{{1.2.250.1.213.1.1.2.215}} 0..1
  descendant::section{{1.2.250.1.213.1.1.2.217}} 1..1
imaging.exposure {{1.2.250.1.213.1.1.2.215}}
  code#LOINC:73569-6
  text
  {_EXPOSED} 1..1
  {_EXPOSED}/code#DCM:121290
  {_EXPOSED}/participant/participantRole/code#DCM:113850
  {_EXPOSED}/participant/participantRole/playingEntity/name
  not({_OBSERVED}) or ({_OBSERVED}/code/@code='364320009' and {_OBSERVED}/value)
  not({_MEASURED}) or ({_MEASURED}/code and {_MEASURED}/value and {_MEASURED}/targetSiteCode)
imaging.objects {{1.2.250.1.213.1.1.2.217}}
  code#DCM:121181
  text
  not(descendant::act{{1.2.250.1.213.1.1.3.155}}) or (descendant::act{{1.2.250.1.213.1.1.3.155}}/code/@code='113014'
    and descendant::act{{1.2.250.1.213.1.1.3.155}}/code/@codeSystem='1.2.840.10008.2.16.4')
  not(descendant::act{{1.2.250.1.213.1.1.3.155}}) or (descendant::act{{1.2.250.1.213.1.1.3.155}}/id
    and descendant::act{{1.2.250.1.213.1.1.3.155}}/effectiveTime)
imaging.clinical {{1.2.250.1.213.1.1.2.205}}
  code#LOINC:55752-0
  text
  component/section{{1.2.840.10008.9.7}} 1..1
  component/section{{2.16.840.1.113883.10.20.22.2.39}} 1..1
imaging.request {{1.2.840.10008.9.7}}
  code/@code='55115-0'
imaging.history {{2.16.840.1.113883.10.20.22.2.39}}
  code#LOINC:11329-0
  text
  {_OBSERVED}[code/@code='11348-0'] 1..*
  {_OBSERVED}[code/@code='47519-4'] 1..*
  {_OBSERVED}[code/@code='64100-1'] 1..*
imaging.technique {{1.2.250.1.213.1.1.3.153}}
  descendant::code
  descendant::code/translation 0..1
  descendant::methodCode 1..*
  descendant::targetSiteCode 1..*
  not(descendant::targetSiteCode/qualifier) or descendant::targetSiteCode/qualifier/name/@code='106233006'
  self::procedure/targetSiteCode/qualifier/value among laterality
  self::procedure/targetSiteCode among location
imaging.study {{1.2.250.1.213.1.1.3.155}}
  descendant::entryRelationship[@typeCode='COMP']/act{{1.2.250.1.213.1.1.3.156}} 1..1
imaging.series {{1.2.250.1.213.1.1.3.156}}
  descendant::id
  descendant::code/@code='113015' and descendant::code/@codeSystem='1.2.840.10008.2.16.4'
  descendant::code/qualifier/name/@code='121139' and descendant::code/qualifier/name/@codeSystem='1.2.840.10008.2.16.4'
  descendant::code/qualifier/value 1..1
  descendant::entryRelationship[@typeCode='COMP']/observation{{1.2.250.1.213.1.1.3.157}} 1..1
  self::act/code[@code='113015']/qualifier/value among modality
imaging.object {{1.2.250.1.213.1.1.3.157}}
  @classCode='DGIMG'
  code
  not(descendant::text[@mediaType='application/dicom']) or descendant::text[@mediaType='application/dicom']/reference
  not(text[not(@mediaType) or @mediaType!='application/dicom'])
imaging.quantity {{1.2.250.1.213.1.1.3.154}}
  self::observation/code among exposure
  self::observation/targetSiteCode among location
imaging.contraindication //{_TYPED}[code/@code='64100-1']
  value among contraindication
imaging.pregnancy //{_TYPED}[code/@code='364320009']
  value among pregnancy
""",
)

DICOM_ENTRIES = read(
    "DICOM PS3.20, CI-SIS modèles de contenus",
    f"""
section.imaging_act {{1.2.840.10008.9.3}}
  ../section
  id
  code[@code='55111-9']
  code[@codeSystem='2.16.840.1.113883.6.1']
  title
  text
  descendant::procedure{{1.2.840.10008.9.14}}
  descendant::section{{2.16.840.1.113883.10.20.6.1.1}}
section.imaging_conclusion {{1.2.840.10008.9.5}}
  templateId[@root='1.2.250.1.213.1.1.2.209']
  id 1..*
  code#LOINC:19005-8
  title
  text
section.imaging_request {{1.2.840.10008.9.7}}
  templateId[@root='1.2.250.1.213.1.1.2.211']
  id 1..*
  code#LOINC:55115-0
  text
section.imaging_comparison {{1.2.840.10008.9.4}}
  templateId[@root='1.2.250.1.213.1.1.2.207']
  id 1..*
  code#LOINC:18834-2
  title
  text
section.imaging_exposure {{1.2.840.10008.9.8}}
  templateId[@root='1.2.250.1.213.1.1.2.215']
  id
  code#LOINC:73569-6
  title
  text
  {_EXPOSED} 1..1
  {_OBSERVED} 1..1
section.imaging_history {{2.16.840.1.113883.10.20.22.2.39}}
  templateId[@root='1.2.250.1.213.1.1.2.213']
  id 1..*
  code#LOINC:11329-0
  text
  {_OBSERVED} 1..*
section.imaging_clinical {{1.2.840.10008.9.2}}
  templateId[@root='1.2.250.1.213.1.1.2.205']
  code#LOINC:55752-0
  text
  component/section{{1.2.840.10008.9.7}} 1..1
  component/section{{2.16.840.1.113883.10.20.22.2.39}} 1..1
section.imaging_objects {{2.16.840.1.113883.10.20.6.1.1}}
  templateId[@root='1.2.250.1.213.1.1.2.217']
  id 1..*
  code#DCM:121181
  title
  text
section.imaging_findings {{2.16.840.1.113883.10.20.6.1.2}}
  templateId[@root='1.2.250.1.213.1.1.2.208']
  id 1..*
  code#LOINC:59776-5
  text
  title
entry.imaging_exposure {{1.2.250.1.213.1.1.3.165}}
  self::procedure[@classCode='PROC' and @moodCode='EVN']
  code/@code='121290' and code/@codeSystem='1.2.840.10008.2.16.4'
  participant 1..1
entry.imaging_observation {{2.16.840.1.113883.10.20.6.2.13}}
  self::observation[@classCode='OBS' and @moodCode]
  templateId 2..2
  templateId[@root='1.2.250.1.213.1.1.3.150']
  id 1..1
  code 1..1
  statusCode 1..1
  value 1..1
  targetSiteCode 1..1
entry.imaging_quantity {{2.16.840.1.113883.10.20.6.2.14}}
  self::observation[@classCode='OBS' and @moodCode='EVN']
  templateId 2..2
  templateId[@root='1.2.250.1.213.1.1.3.154']
  id 1..1
  code 1..1
  statusCode 1..1
  value[@xsi:type='PQ'] 1..1
  targetSiteCode 1..1
entry.imaging_quantity {{2.16.840.1.113883.10.20.6.2.14}}/targetSiteCode
  not(originalText) or originalText/reference
  not(qualifier) or (qualifier/name[@code='106233006'] and qualifier/value)
entry.imaging_technique {{1.2.840.10008.9.14}}
  self::procedure[@classCode='PROC' and @moodCode]
  templateId 2..2
  templateId[@root='1.2.250.1.213.1.1.3.153']
  id
  code 1..1
  methodCode 1..*
  targetSiteCode 1..1
  participant 0..1
entry.imaging_technique {{1.2.840.10008.9.14}}/targetSiteCode
  not(originalText) or originalText/reference
  not(qualifier) or (qualifier/name and qualifier/value)
entry.imaging_study {{1.2.840.10008.9.16}}
  self::act[@classCode and @moodCode]
  templateId[@root='1.2.250.1.213.1.1.3.155']
  id 1..*
  code/@code='113014' and code/@codeSystem='1.2.840.10008.2.16.4'
  entryRelationship[@typeCode='COMP']/act{{1.2.250.1.213.1.1.3.156}}
  entryRelationship[@typeCode='COMP']/act{{1.2.840.10008.9.17}}
entry.imaging_series {{1.2.840.10008.9.17}}
  self::act[@classCode and @moodCode]
  templateId 2..2
  templateId[@root='1.2.250.1.213.1.1.3.156']
  id 1..*
  code 1..1
  code#DCM:113015
  code/qualifier 1..1
  code/qualifier/value 1..1
  code/qualifier/name#DCM:121139
  entryRelationship[@typeCode='COMP']/observation/templateId[@root='1.2.840.10008.9.18'] 1..1
  entryRelationship[@typeCode='COMP']/observation{{1.2.840.10008.9.18}}/code
entry.imaging_object {{1.2.840.10008.9.18}}
  self::observation[@classCode='DGIMG' and @moodCode='EVN']
  templateId 2..2
  templateId[@root='1.2.250.1.213.1.1.3.157']
  id 1..*
  code 1..1
""",
)
