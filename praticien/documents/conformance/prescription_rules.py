"""Prescriptions of drugs and devices. Source: CI-SIS volet eP-MED-DM 2024.01 and IHE PHARM PRE, facts typed in."""

from praticien.documents.conformance.rules import read

MODEL = "1.2.250.1.213.1.1.1.39"
_PER_LINE = "entryRelationship/observation/templateId[@root='1.2.250.1.213.1.1.3.48."
_SPLIT_PARTS = "entryRelationship/substanceAdministration/templateId[@root='1.2.250.1.213.1.1.3.83.1']"
_SPLIT_KINDS = " or ".join(f"templateId/@root='1.3.6.1.4.1.19376.1.5.3.1.4.{n}'" for n in (8, 9, 10, 11))
_KINDS = " or ".join(f"@root='1.3.6.1.4.1.19376.1.5.3.1.4.{n}'" for n in ("7.1", "8", "9", "10", "11"))
_FLAG_CODES = {"12": "GEN-179", "13": "MED-574", "14": "GEN-180", "15": "GEN-181"}
_FLAGS = "".join(
    f"""
entry.flag {{1.2.250.1.213.1.1.3.48.{arc}}}
  templateId[@root='1.2.250.1.213.1.1.3.48']
  templateId[@root='1.3.6.1.4.1.19376.1.5.3.1.4.13']
  id 1..1
  code#TA:{code} 1..1
  text/reference 1..1
  statusCode[@code='completed'] 1..1
  effectiveTime 0..1
  value 1..1
  value[@value='true' or @value='false'] 1..1"""
    for arc, code in _FLAG_CODES.items()
)

PRESCRIPTION = read(
    "CI-SIS eP-MED-DM 2024.01",
    f"""
prescription.header /
  templateId[@root='1.3.6.1.4.1.19376.1.9.1.1.1']
  templateId[@root='1.3.6.1.4.1.19376.1.5.3.1.1.1']
  code#LOINC:57833-6
  recordTarget/patientRole/telecom
  recordTarget/patientRole/addr
  author/assignedAuthor/code
  author/assignedAuthor/representedOrganization/id
  author/assignedAuthor/representedOrganization/name
  documentationOf/serviceEvent/effectiveTime/high
  documentationOf/serviceEvent/effectiveTime/low
prescription.body /component/structuredBody
  count(component/section/templateId[@root='1.2.250.1.213.1.1.2.171'])=1
    or count(component/section/templateId[@root='1.2.250.1.213.1.1.2.222'])=1
  component/section/templateId[@root='1.2.250.1.213.1.1.2.243'] 1..1
prescription.drug {{1.2.250.1.213.1.1.2.171}}/entry/substanceAdministration{{1.2.250.1.213.1.1.3.83}}
  {_PER_LINE}13'] 1..1
prescription.device {{1.2.250.1.213.1.1.2.222}}/entry/supply{{2.16.840.1.113883.10.20.1.34}}
  {_PER_LINE}13'] 1..1
  {_PER_LINE}14'] 1..1
  {_PER_LINE}15'] 1..1
  {_PER_LINE}34'] 1..1
  repeatNumber 1..1
""",
)

TREATMENTS = read(
    "CI-SIS modèles de contenus, IHE PHARM PRE",
    f"""
section.drugs {{1.3.6.1.4.1.19376.1.9.1.2.1}}
  id
  code 1..1
  code#LOINC:57828-6
  templateId[@root='1.2.250.1.213.1.1.2.171']
  not(entry[not(substanceAdministration{{1.3.6.1.4.1.19376.1.9.1.3.2}})])
  entry/substanceAdministration{{1.2.250.1.213.1.1.3.83}}
entry.substitution {{1.3.6.1.4.1.19376.1.9.1.3.9.1}}
  self::act[@classCode='ACT'][@moodCode='DEF']
  templateId[@root='1.2.250.1.213.1.1.3.87']
  count(code#SUBSTITUTION:N)=1 or count(code#SUBSTITUTION:G)=1
  statusCode[@code='completed'] 1..1
entry.treatment {{1.3.6.1.4.1.19376.1.5.3.1.4.7}}
  templateId 3..*
  @classCode='SBADM' and (@moodCode='INT' or @moodCode='EVN')
  templateId[@root='2.16.840.1.113883.10.20.1.24']
  templateId[{_KINDS}] 1..*
  not(templateId[@root='1.3.6.1.4.1.19376.1.5.3.1.4.7.1']) or not(descendant::substanceAdministration)
  id 1..1
  text/reference 1..1
  statusCode[@code='completed']
  not(doseQuantity) or doseQuantity/@nullFlavor or (count(doseQuantity/low)=1 and count(doseQuantity/high)=1)
  not(rateQuantity) or rateQuantity/@nullFlavor or (count(rateQuantity/low)=1 and count(rateQuantity/high)=1)
  consumable/manufacturedProduct/templateId[@root='1.3.6.1.4.1.19376.1.5.3.1.4.7.2']
  consumable/manufacturedProduct/templateId 2..*
  count(consumable/manufacturedProduct/manufacturedMaterial/code/originalText/reference)=1
    or consumable/manufacturedProduct/manufacturedMaterial/code/@nullFlavor
  not(effectiveTime[1]) or (effectiveTime[1][contains(@xsi:type,'IVL_TS')] and effectiveTime[1]/low
    and effectiveTime[1]/high) or effectiveTime[1]/width
  not(effectiveTime[2]) or effectiveTime[2][@operator='A' or @nullFlavor]
entry.treatment {{1.3.6.1.4.1.19376.1.5.3.1.4.7}}/entryRelationship[@typeCode='COMP']/observation
  not(templateId[@root!='1.3.6.1.4.1.19376.1.5.3.1.4.13' and @root!='1.2.250.1.213.1.1.3.48'
    and not(starts-with(@root,'1.2.250.1.213.1.1.3.48.'))])
entry.treatment {{1.3.6.1.4.1.19376.1.5.3.1.4.7}}/entryRelationship[@typeCode='COMP']/act
  not(templateId[@root!='1.3.6.1.4.1.19376.1.9.1.3.9.1' and @root!='1.2.250.1.213.1.1.3.87'])
entry.product {{1.3.6.1.4.1.19376.1.5.3.1.4.7.2}}
  templateId[@root='2.16.840.1.113883.10.20.1.53']
  manufacturedMaterial/code[@nullFlavor] or manufacturedMaterial/code/originalText/reference
entry.product //substanceAdministration/consumable/manufacturedProduct/manufacturedMaterial
  not(code[@codeSystem]) or code[@codeSystem='1.2.250.1.213.2.3.1']
  count(name)=1 or name[@nullFlavor='NA']
entry.prescribed {{1.3.6.1.4.1.19376.1.9.1.3.2}}
  id
  count(code)=0 or (count(code)=1 and code#ACTCODE:DRUG)
  text 1..1
  text/reference 1..1
  statusCode 1..1
  statusCode[@code='completed'] 1..1
  not(effectiveTime[@operator='A']) or (effectiveTime[@xsi:type='PIVL_TS'] and (effectiveTime/period
    or effectiveTime/phase)) or (effectiveTime[@xsi:type='EIVL_TS'] and (effectiveTime/event
    or effectiveTime/offset)) or (effectiveTime[@xsi:type='SXPR_TS'] and effectiveTime/comp)
  //substanceAdministration{{1.3.6.1.4.1.19376.1.9.1.3.2}}/repeatNumber[@value>=0
    or @nullFlavor='NI']
  routeCode 0..1
  approachSiteCode[not(@nullFlavor) and @codeSystem!='2.16.840.1.113883.1.11.19724'] 0..0
  not(doseQuantity) or (doseQuantity/low and doseQuantity/high)
  not(rateQuantity) or (rateQuantity/low and rateQuantity/high)
  consumable/manufacturedProduct[@classCode='MANU']/templateId[@root='1.3.6.1.4.1.19376.1.5.3.1.4.7.2'] 1..1
  author 0..0
  reference 0..0
  entryRelationship[@typeCode='COMP' and act/templateId/@root='1.3.6.1.4.1.19376.1.9.1.3.9.1'] 1..1
  entryRelationship[supply/templateId/@root='1.3.6.1.4.1.19376.1.9.1.3.15'] 0..1
entry.prescribed {{1.2.250.1.213.1.1.2.171}}/entry/substanceAdministration{{1.3.6.1.4.1.19376.1.9.1.3.2}}
  (templateId/@root='1.3.6.1.4.1.19376.1.5.3.1.4.7.1' or templateId/@root='1.3.6.1.4.1.19376.1.5.3.1.4.21')
    and not(entryRelationship[sequenceNumber]) and not({_SPLIT_PARTS}) or ({_SPLIT_KINDS})
    and entryRelationship[sequenceNumber] and {_SPLIT_PARTS}
  templateId[@root='1.2.250.1.213.1.1.3.83']
  //section{{1.2.250.1.213.1.1.2.171}}/entry/substanceAdministration/templateId 5..*
  entryRelationship[@typeCode='COMP']/observation{{1.2.250.1.213.1.1.3.48.12}} 1..1
  entryRelationship[@typeCode='COMP']/observation{{1.2.250.1.213.1.1.3.48.13}} 1..1
  entryRelationship[@typeCode='COMP']/observation{{1.2.250.1.213.1.1.3.48.14}} 1..1
  entryRelationship[@typeCode='COMP']/observation{{1.2.250.1.213.1.1.3.48.15}} 1..1
entry.prescribed_product //entry/substanceAdministration{{1.3.6.1.4.1.19376.1.9.1.3.2}}/consumable
  manufacturedProduct/templateId[@root='1.3.6.1.4.1.19376.1.5.3.1.4.7.2']
  manufacturedProduct/templateId[@root='2.16.840.1.113883.10.20.1.53']
  manufacturedProduct/manufacturedMaterial[@classCode='MMAT' and @determinerCode='KIND']
  //templateId[@root='1.3.6.1.4.1.19376.1.9.1.3.1']
entry.dose {{1.2.250.1.213.1.1.3.83.1}}
  parent::entryRelationship[@typeCode='COMP'] or not(self::substanceAdministration)
  self::substanceAdministration[@classCode='SBADM' and @moodCode='INT']
  statusCode 1..1
  statusCode[@code='completed'] 1..1
  not(doseQuantity) or (doseQuantity/low and doseQuantity/high)
  not(rateQuantity) or (count(rateQuantity/low)=1 and count(rateQuantity/high)=1)
  consumable[@typeCode='CSM']/manufacturedProduct/templateId[@root='1.3.6.1.4.1.19376.1.5.3.1.4.7.2']
entry.dose //entry/substanceAdministration/entryRelationship/substanceAdministration{{1.2.250.1.213.1.1.3.83.1}}
  id
  text
  statusCode
  consumable
entry.device {{1.2.250.1.213.1.1.3.20}}
  self::supply
  templateId[@root='1.2.250.1.213.1.1.3.20'] 1..1
  templateId[@root='2.16.840.1.113883.10.20.1.34'] 1..1
  effectiveTime 1..1
  participant[@typeCode='DEV']
  participant/participantRole[@classCode='MANU'] 1..1
  participant/participantRole/playingDevice[@classCode='DEV' and @determinerCode='INSTANCE'] 1..1
  not(entryRelationship[@typeCode='COMP']/observation{{1.2.250.1.213.1.1.3.48.13}})
    or entryRelationship[@typeCode='COMP']/observation{{1.3.6.1.4.1.19376.1.5.3.1.4.13}}/code[@code='MED-574']
  not(entryRelationship[@typeCode='COMP']/observation{{1.2.250.1.213.1.1.3.48.14}})
    or entryRelationship[@typeCode='COMP']/observation{{1.2.250.1.213.1.1.3.48.14}}/code[@code='GEN-180']
  not(entryRelationship[@typeCode='COMP']/observation{{1.2.250.1.213.1.1.3.48.34}})
    or entryRelationship[@typeCode='COMP']/observation{{1.2.250.1.213.1.1.3.48.34}}/code[@code='GEN-295']
{_FLAGS}
""",
)
