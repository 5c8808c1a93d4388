"""The header that every document has. Source: CI-SIS minimal structure (1.2.250.1.213.1.1.1.1), facts typed in."""

from praticien.documents.conformance.rules import read

_ROLE = "/recordTarget[not(@nullFlavor)]/patientRole[patient]"
_PATIENT = f"{_ROLE}/patient[not(@nullFlavor)]"
_AUTHOR = "/author[assignedAuthor]"
_HUMAN = f"{_AUTHOR}/assignedAuthor[not(@nullFlavor)]"
_CUSTODIAN = "/custodian[not(@nullFlavor)][assignedCustodian]/assignedCustodian[representedCustodianOrganization]"
_SIGNER = "/legalAuthenticator[signatureCode/@code='S']"
_OTHER = "/participant[@typeCode][associatedEntity[@classCode]]"
_ORDER = "/inFulfillmentOf[order]/order"
_EVENT = "/documentationOf[not(@nullFlavor)][serviceEvent]/serviceEvent[not(@nullFlavor)]"
_PERFORMER = f"{_EVENT}/performer[@typeCode='PRF'][assignedEntity]"
_DOER = f"{_PERFORMER}/assignedEntity[representedOrganization]"
_RELATED = "/relatedDocument[@typeCode='RPLC'][parentDocument]/parentDocument[not(@nullFlavor)]"
_STAY = "/componentOf[not(@nullFlavor)][encompassingEncounter]/encompassingEncounter[not(@nullFlavor)][location]"
_RESPONSIBLE = f"{_STAY}/responsibleParty[assignedEntity]"
_BIOLOGIST = f"{_RESPONSIBLE}/assignedEntity[id/@root='1.2.250.1.71.4.2.1']"
_PLACE = f"{_STAY}/location[healthCareFacility]/healthCareFacility[not(@nullFlavor)]"
_INS = (
    "recordTarget/patientRole/id[@root='1.2.250.1.213.1.4.8' or @root='1.2.250.1.213.1.4.9'"
    " or @root='1.2.250.1.213.1.4.10' or @root='1.2.250.1.213.1.4.11']"
)
_PERSON = "recordTarget/patientRole/patient"

HEADER = read(
    "CI-SIS structuration minimale",
    f"""
header.identification /
  realmCode[@code='FR'] 1..1
  realmCode : CS
  typeId[@root='2.16.840.1.113883.1.3'][@extension='POCD_HD000040'] 1..1
  typeId : II
  templateId[@root='2.16.840.1.113883.2.8.2.1'] 1..1
  templateId[@root='1.2.250.1.213.1.1.1.1'] 1..1
  templateId[@root!='1.2.250.1.213.1.1.1.1' and @root!='2.16.840.1.113883.2.8.2.1'] 1..*
  templateId : II @root
  id[not(@nullFlavor)] 1..1
  id[not(@nullFlavor)] : II @root
  code[not(@nullFlavor)] 1..1
  code[not(@nullFlavor)] : CE @displayName @codeSystem @code
  code[not(@nullFlavor)] codes J07
  title[not(@nullFlavor)] 1..1
  title[not(@nullFlavor)] : ST
  effectiveTime[not(@nullFlavor)] 1..1
  effectiveTime[not(@nullFlavor)] : TS @value
  confidentialityCode[not(@nullFlavor)] 1..1
  confidentialityCode[not(@nullFlavor)] : CE @displayName @codeSystem @code
  confidentialityCode[not(@nullFlavor)] codes confidentiality
  languageCode[not(@nullFlavor)] 1..1
  languageCode[not(@nullFlavor)] : LANGUAGE @code
  setId[not(@nullFlavor)] 1..1
  setId[not(@nullFlavor)] : II @root
  versionNumber[not(@nullFlavor)] 1..1
  versionNumber[not(@nullFlavor)] : INT @value
header.parties /
  recordTarget[not(@nullFlavor)] 1..1
  author[not(@nullFlavor)][assignedAuthor] 1..*
  dataEnterer 0..1
  custodian[not(@nullFlavor)][assignedCustodian] 1..1
  legalAuthenticator[signatureCode/@code='S'] 1..1
  documentationOf[not(@nullFlavor)][serviceEvent] 1..*
  documentationOf[1]/serviceEvent/performer 1..1
  documentationOf[1]/serviceEvent/effectiveTime 1..1
  relatedDocument[@typeCode='RPLC'][parentDocument] 0..1
  componentOf[not(@nullFlavor)][encompassingEncounter] 1..1
  component 1..1
header.level1 /
  component/structuredBody or (component/nonXMLBody and count(templateId)=3)
  not(component/nonXMLBody) or templateId/@root='1.3.6.1.4.1.19376.1.2.20'
header.identity /
  (not({_INS}) and recordTarget/patientRole/id/@extension) or ({_PERSON}/name/family/@qualifier='BR'
    and {_PERSON}/name/given/@qualifier='BR' and {_PERSON}/name/given[not(@qualifier)] and {_PERSON}/birthTime
    and {_PERSON}/birthplace/place/addr/county and {_PERSON}/administrativeGenderCode/@code)
header.patient /recordTarget[not(@nullFlavor)]
  patientRole[patient] 1..1
header.patient {_ROLE}
  . : ANY
  id[not(@nullFlavor)] 1..*
  id[not(@nullFlavor)] : II @root @extension
  patient[not(@nullFlavor)] 1..1
  addr : AD
  telecom : TEL
header.patient {_PATIENT}
  name[not(@nullFlavor)] 1..1
  name[not(@nullFlavor)] : PN
  administrativeGenderCode 1..1
  administrativeGenderCode : CE @code
  administrativeGenderCode codes J143
  birthTime 1..1
  birthTime : TS @value
  birthplace[place] 0..1
  birthplace/place/name : EN
  birthplace/place/addr : AD
  birthplace/place/addr/county : ST
header.patient {_PATIENT}/name[not(@nullFlavor)]
  not(given[@qualifier and @qualifier!='BR' and @qualifier!='CL'])
  not(family[@qualifier and @qualifier!='BR' and @qualifier!='CL'])
  given[not(@nullFlavor)] 1..*
  family[not(@nullFlavor)] 1..*
  not(given[not(@nullFlavor)][@qualifier=''])
  not(family[not(@nullFlavor)][not(@qualifier) or @qualifier=''])
  prefix 0..1
  suffix 0..1
header.author {_AUTHOR}
  functionCode 0..1
  functionCode : CE @codeSystem @code
  functionCode codes J47
  time 1..1
  time : TS @value
  assignedAuthor[not(@nullFlavor)] 1..1
header.author {_HUMAN}
  id 1..*
  id : II @root @extension
  code : CE @displayName @codeSystem @code
  code codes J01
  addr : AD
  telecom : TEL
  representedOrganization 0..1
header.author {_HUMAN}/assignedPerson
  name[family] 1..1
  name[family] : PN
header.author {_HUMAN}/assignedPerson/name[family]
  family 1..1
  given 0..1
header.author {_HUMAN}/assignedAuthoringDevice
  manufacturerModelName
  manufacturerModelName : ST
  softwareName
  softwareName : ST
header.author {_HUMAN}/representedOrganization
  id[@root='1.2.250.1.71.4.2.2'] 0..1
  id[@root='1.2.250.1.71.4.2.2'] : II @extension
  name 0..1
  addr : AD
  telecom : TEL
header.practice_setting {_HUMAN}/representedOrganization
  standardIndustryClassCode : CE @displayName
  standardIndustryClassCode among J04
header.data_enterer /dataEnterer
  . : ANY
  time : TS
header.custodian {_CUSTODIAN}/representedCustodianOrganization
  id[not(@nullFlavor)] 1..1
  id[not(@nullFlavor)] : II @root
  id[not(@nullFlavor)][@root='1.2.250.1.71.4.2.2' or @root='1.2.250.1.213.4.1']
  telecom : TEL
  addr : AD
header.legal_authenticator {_SIGNER}
  time 1..1
  time : TS @value
  signatureCode : CS
  assignedEntity/id[not(@nullFlavor)] 1..1
  assignedEntity/id[not(@nullFlavor)] : II @root @extension
  assignedEntity/code : CD
  assignedEntity/code codes J01
  assignedEntity/addr : AD
  assignedEntity/telecom : TEL
header.legal_authenticator {_SIGNER}/assignedEntity/assignedPerson
  name[not(@nullFlavor)][family] 1..1
  name[not(@nullFlavor)][family] : PN
header.legal_authenticator {_SIGNER}/assignedEntity/assignedPerson/name[not(@nullFlavor)][family]
  family 1..1
  given 0..1
header.legal_authenticator {_SIGNER}/assignedEntity/representedOrganization
  name 0..1
  id[@root='1.2.250.1.71.4.2.2'] : II @extension
  addr : AD
  telecom : TEL
  standardIndustryClassCode : CE
  standardIndustryClassCode codes J04
header.participant {_OTHER}
  @typeCode='REF' or @typeCode='REFB' or @typeCode='INF' or @typeCode='RESP' or @typeCode='PRF' or @typeCode='CON'
    or @typeCode='VRF'
  templateId 0..1
  templateId : II
  functionCode : CE @codeSystem?
  functionCode codes J47
  functionCode/translation : CD
  time 1..1
  time : IVL_TS
  time/low : IVXB_TS @value
  time/high : IVXB_TS @value
  associatedEntity[@classCode] 1..1
header.participant {_OTHER}/associatedEntity
  @classCode='PROV' or @classCode='AGNT'
  id 0..1
  id : II @root @extension
  code : CE @code @displayName @codeSystem
  code codes J01
  addr : AD
  telecom : TEL
header.participant {_OTHER}/associatedEntity/associatedPerson[name]
  name[family] 1..1
header.participant {_OTHER}/associatedEntity/associatedPerson[name]/name[family]
  family 1..1
  given 0..1
header.order {_ORDER}
  id 1..1
  id : II
  code : CE
  dicom:accessionNumber 0..1
  dicom:accessionNumber : II
header.event /documentationOf[not(@nullFlavor)][serviceEvent]
  serviceEvent[not(@nullFlavor)] 1..1
header.event {_EVENT}
  id : II
  code 0..1
  code : CE @codeSystem?
  code[(@code and @codeSystem and not(@nullFlavor)) or (not(@code) and not(@codeSystem) and @nullFlavor)] or not(code)
  lab:statusCode : CS
  performer[@typeCode='PRF'][assignedEntity] 0..1
header.event {_EVENT}/code/translation
  . : CD
  qualifier 0..1
  qualifier : CR
  not(qualifier) or qualifier/name
  qualifier/name : CV @codeSystem?
header.event {_EVENT}/effectiveTime
  low 1..1
  low : IVXB_TS @value
  high : IVXB_TS
header.performer {_PERFORMER}
  templateId : II
  functionCode : CE
  time : IVL_TS
  assignedEntity[representedOrganization] 1..1
header.performer {_DOER}
  id 1..1
  id : II
  code : CD
  code codes J01
  addr : AD
  telecom : TEL
  assignedPerson/name[family] : PN
header.performer {_DOER}/assignedPerson/name[family]
  family 1..1
  given 0..1
header.performer {_DOER}/representedOrganization
  id : II
  id[@root='1.2.250.1.71.4.2.2'] : II @extension
  name 0..1
  name : ON
  addr : AD
  telecom : TEL
  standardIndustryClassCode[not(@nullFlavor)] 1..1
  standardIndustryClassCode[not(@nullFlavor)] : CE @code @displayName @codeSystem
  standardIndustryClassCode[not(@nullFlavor)] codes J04
header.replaced {_RELATED}
  id[not(@nullFlavor)] 1..1
  id[not(@nullFlavor)] : II @root
  versionNumber : INT
header.replaced /relatedDocument[@typeCode='RPLC'][parentDocument]
  parentDocument[not(@nullFlavor)] 1..1
header.encounter /componentOf[not(@nullFlavor)][encompassingEncounter]
  encompassingEncounter[not(@nullFlavor)][location] 1..1
header.encounter {_STAY}
  id : II @root
  code : CE @code @codeSystem @displayName
  code codes J142
  effectiveTime : IVL_TS
  effectiveTime/low : IVXB_TS
  effectiveTime/high : IVXB_TS
  location[healthCareFacility] 1..1
header.encounter {_RESPONSIBLE}
  assignedEntity[id/@root='1.2.250.1.71.4.2.1'] 1..1
header.encounter {_BIOLOGIST}
  id[@root='1.2.250.1.71.4.2.1'] 1..1
  id[@root='1.2.250.1.71.4.2.1'] : II @extension
  code : CD
  addr : AD
  telecom : TEL
header.encounter {_BIOLOGIST}/assignedPerson
  name[family] 1..1
  name[family] : PN
header.encounter {_BIOLOGIST}/assignedPerson/name[family]
  family 1..1
  given 0..1
header.encounter {_BIOLOGIST}/representedOrganization
  name 0..1
  id : II @root @extension
  name : ON
  addr : AD
  telecom : TEL
header.practice_setting {_BIOLOGIST}/representedOrganization
  standardIndustryClassCode : CE @displayName
  standardIndustryClassCode among J04
header.facility {_STAY}/location[healthCareFacility]
  healthCareFacility[not(@nullFlavor)] 1..1
header.facility {_PLACE}
  id : II
  code[not(@nullFlavor)] 1..1
  code[not(@nullFlavor)] : CE @code @displayName @codeSystem
  code[not(@nullFlavor)] codes J02
  code[not(@nullFlavor)]/translation : CD @displayName @codeSystem @code
  location/name : EN
  location/addr : AD
header.codes /
  descendant::administrativeGenderCode among J143 or null
  author/assignedAuthor/code among J01 or null
""",
)
