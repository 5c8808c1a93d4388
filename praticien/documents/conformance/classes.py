"""The classes of a CDA R2 document that this software writes, with all the children that the standard allows them.

Source: HL7 CDA R2 (2005) hierarchical description, with the extensions that the CI-SIS allows in the places where we
write (``lab/``, ``dicom/``, ``sdtc/`` and ``pharm/``, see ``grammar.NAMESPACES``). Notation of ``datatypes``; besides,
every class begins with realmCode, typeId and templateId and may have a nullFlavor. Children of the type ``-`` are
allowed by the standard and never written here: their content is not examined.
"""

_STATEMENTS = (
    "(act:Act | encounter:- | observation:Observation | observationMedia:ObservationMedia | organizer:Organizer"
    " | procedure:Procedure | regionOfInterest:- | substanceAdministration:SubstanceAdministration | supply:Supply)"
)
_PEOPLE = (
    "subject:Subject? specimen:Specimen* performer:Performer2* author:Author* informant:-* participant:Participant2*"
)
_SHARED = f"{_PEOPLE} entryRelationship:EntryRelationship* reference:Reference* precondition:Precondition*"
_COMPONENT = "@typeCode:=COMP @contextConductionInd:=true"
_PARTICIPATION = "@contextControlCode:=OP"
_ENTITY = "@determinerCode:=INSTANCE"

CLASSES = f"""
Act | @classCode!:entry-acts @moodCode!:act-moods @negationInd:bl
  | id:II* code:CD text:ED? statusCode:CS? effectiveTime:IVL_TS? priorityCode:CE? languageCode:CS? {_SHARED}
AssignedAuthor | @classCode:=ASSIGNED | id:II+ code:CE? addr:AD* telecom:TEL*
  (assignedPerson:Person? | assignedAuthoringDevice:AuthoringDevice?) representedOrganization:Organization?
AssignedCustodian | @classCode:=ASSIGNED | representedCustodianOrganization:CustodianOrganization
AssignedEntity | @classCode:=ASSIGNED
  | id:II+ code:CE? addr:AD* telecom:TEL* assignedPerson:Person? representedOrganization:Organization?
AssociatedEntity | @classCode!:associations
  | id:II* code:CE? addr:AD* telecom:TEL* associatedPerson:Person? scopingOrganization:Organization?
Author | @typeCode:=AUT {_PARTICIPATION} | functionCode:CE? time:TS assignedAuthor:AssignedAuthor
AuthoringDevice | @classCode:=DEV {_ENTITY} | code:CE? manufacturerModelName:SC? softwareName:SC? asMaintainedEntity:-*
Birthplace | @classCode:=BIRTHPL | place:Place
Component1 | @typeCode:=COMP | encompassingEncounter:EncompassingEncounter
Component2 | {_COMPONENT} | (nonXMLBody:NonXMLBody | structuredBody:StructuredBody)
Component3 | {_COMPONENT} | section:Section
Component4 | {_COMPONENT} | sequenceNumber:INT? seperatableInd:BL? {_STATEMENTS}
Consumable | @typeCode:=CSM | manufacturedProduct:ManufacturedProduct
Criterion | @classCode:observations @moodCode:=EVN.CRT | code:CD? text:ED? value:ANY?
Custodian | @typeCode:=CST | assignedCustodian:AssignedCustodian
CustodianOrganization | @classCode:=ORG {_ENTITY} | id:II+ name:ON? telecom:TEL? addr:AD?
DataEnterer | @typeCode:=ENT {_PARTICIPATION} | time:TS? assignedEntity:AssignedEntity
Device | @classCode:devices {_ENTITY} | code:CE? manufacturerModelName:SC? softwareName:SC?
DocumentationOf | @typeCode:=DOC | serviceEvent:ServiceEvent
EncompassingEncounter | @classCode:=ENC @moodCode:=EVN | id:II* code:CE? effectiveTime:IVL_TS
  dischargeDispositionCode:CE? responsibleParty:ResponsibleParty? encounterParticipant:-* location:Location?
Entity | @classCode:entities {_ENTITY} | id:II* code:CE? desc:ED?
Entry | @typeCode:entries @contextConductionInd:=true | {_STATEMENTS}
EntryRelationship | @typeCode!:relationships @inversionInd:bl @contextConductionInd:bl @negationInd:bl
  | sequenceNumber:INT? seperatableInd:BL? {_STATEMENTS}
ExternalDocument | @classCode:act-documents @moodCode:=EVN | id:II* code:CD? text:ED? setId:II? versionNumber:INT?
HealthCareFacility | @classCode:facilities | id:II* code:CE? location:Place? serviceProviderOrganization:Organization?
InFulfillmentOf | @typeCode:=FLFS | order:Order
LegalAuthenticator | @typeCode:=LA {_PARTICIPATION} | time:TS signatureCode:CS assignedEntity:AssignedEntity
Location | @typeCode:=LOC | healthCareFacility:HealthCareFacility
ManufacturedProduct | @classCode:=MANU
  | id:II* (manufacturedLabeledDrug:- | manufacturedMaterial:Material) manufacturerOrganization:Organization?
  pharm/subjectOf1:-* pharm/subjectOf2:-*
  pharm/subjectOf3:-* pharm/subjectOf4:-* pharm/subjectOf5:-?
Material | @classCode:=MMAT @determinerCode:=KIND | code:CE? name:EN? pharm/desc:-? pharm/riskCode:-?
  pharm/handlingCode:-?
  pharm/formCode:-? lotNumberText:ST? pharm/expirationTime:-? pharm/stabilityTime:-? pharm/asDistributedProduct:-*
  pharm/asMedicineManufacturer:-* pharm/asContent:-? pharm/asSpecializedKind:-* pharm/part:-* pharm/ingredient:-*
NonXMLBody | @classCode:=DOCBODY @moodCode:=EVN | text:ED confidentialityCode:CE? languageCode:CS?
Observation | @classCode!:observations @moodCode!:observation-moods @negationInd:bl
  | id:II* code:CD derivationExpr:ST? text:ED? statusCode:CS? effectiveTime:IVL_TS? priorityCode:CE?
  repeatNumber:IVL_INT?
  languageCode:CS? value:ANY* interpretationCode:CE* methodCode:CE* targetSiteCode:CD* {_SHARED}
  referenceRange:ReferenceRange*
ObservationMedia | @ID:id @classCode!:observations @moodCode!:moods | id:II* languageCode:CS? value:ED {_SHARED}
ObservationRange | @classCode:observations @moodCode:=EVN.CRT | code:CD? text:ED? value:ANY? interpretationCode:CE?
Order | @classCode:acts @moodCode:=RQO | id:II+ code:CE? priorityCode:CE? dicom/accessionNumber:II*
Organization | @classCode:=ORG {_ENTITY}
  | id:II* name:ON* telecom:TEL* addr:AD* standardIndustryClassCode:CE? asOrganizationPartOf:-?
Organizer | @classCode!:organizers @moodCode!:moods | id:II* code:CD? statusCode:CS effectiveTime:IVL_TS? {_PEOPLE}
  reference:Reference* precondition:Precondition* component:Component4*
ParentDocument | @classCode:=DOCCLIN @moodCode:=EVN | id:II+ code:CD? text:ED? setId:II? versionNumber:INT?
Participant1 | @typeCode!:participations {_PARTICIPATION} | functionCode:CE? time:IVL_TS?
  associatedEntity:AssociatedEntity
Participant2 | @typeCode!:participations {_PARTICIPATION}
  | time:IVL_TS? awarenessCode:CE? participantRole:ParticipantRole
ParticipantRole | @classCode:roles
  | id:II* code:CE? addr:AD* telecom:TEL* (playingDevice:Device? | playingEntity:PlayingEntity?) scopingEntity:Entity?
Patient | @classCode:=PSN {_ENTITY} | id:II? name:PN* sdtc/desc:-? administrativeGenderCode:CE? birthTime:TS?
  sdtc/deceasedInd:-? sdtc/deceasedTime:-? sdtc/multipleBirthInd:-? sdtc/multipleBirthOrderNumber:-?
  maritalStatusCode:CE?
  religiousAffiliationCode:CE? raceCode:CE? ethnicGroupCode:CE? guardian:-* birthplace:Birthplace?
  languageCommunication:-*
PatientRole | @classCode:=PAT | id:II+ addr:AD* telecom:TEL* patient:Patient? providerOrganization:Organization?
Performer1 | @typeCode!:event-performers | functionCode:CE? time:IVL_TS? assignedEntity:AssignedEntity
Performer2 | @typeCode:performers | time:IVL_TS? modeCode:CE? assignedEntity:AssignedEntity
Person | @classCode:=PSN {_ENTITY} | name:PN* sdtc/desc:-? sdtc/asPatientRelationship:-?
Place | @classCode:=PLC {_ENTITY} | name:EN? addr:AD?
PlayingEntity | @classCode:entities {_ENTITY} | code:CE? quantity:PQ* name:PN* desc:ED?
Precondition | @typeCode:=PRCN | criterion:Criterion
Procedure | @classCode!:acts @moodCode!:procedure-moods @negationInd:bl
  | id:II* code:CD? text:ED? statusCode:CS? effectiveTime:IVL_TS? priorityCode:CE? languageCode:CS? methodCode:CE*
  approachSiteCode:CD* targetSiteCode:CD* {_SHARED}
Product | @typeCode:=PRD | manufacturedProduct:ManufacturedProduct
RecordTarget | @typeCode:=RCT {_PARTICIPATION} | patientRole:PatientRole
Reference | @typeCode!:externals
  | seperatableInd:BL? (externalAct:- | externalObservation:- | externalProcedure:- | externalDocument:ExternalDocument)
ReferenceRange | @typeCode:=REFV | observationRange:ObservationRange
RelatedDocument | @typeCode!:documents | parentDocument:ParentDocument
RelatedSubject | @classCode:subjects | sdtc/id:-* code:CE? addr:AD* telecom:TEL* subject:SubjectPerson?
ResponsibleParty | @typeCode:=RESP | assignedEntity:AssignedEntity
Section | @ID:id @classCode:=DOCSECT @moodCode:=EVN
  | id:II? code:CE? title:ST? text:narrative? confidentialityCode:CE? languageCode:CS? subject:Subject? author:Author*
  informant:-*
  entry:Entry* component:Component3*
ServiceEvent | @classCode:acts @moodCode:=EVN
  | id:II* code:CE? lab/statusCode:lab.status? effectiveTime:IVL_TS? performer:Performer1*
Specimen | @typeCode:=SPC | specimenRole:SpecimenRole
SpecimenRole | @classCode:specimens | id:II* specimenPlayingEntity:PlayingEntity?
StructuredBody | @classCode:=DOCBODY @moodCode:=EVN | confidentialityCode:CE? languageCode:CS? component:Component3+
Subject | @typeCode:=SBJ {_PARTICIPATION} | awarenessCode:CE? relatedSubject:RelatedSubject
SubjectPerson | @classCode:=PSN {_ENTITY} | sdtc/id:-* name:PN* sdtc/desc:-? administrativeGenderCode:CE? birthTime:TS?
  sdtc/deceasedInd:-? sdtc/deceasedTime:-? sdtc/multipleBirthInd:-? sdtc/multipleBirthOrderNumber:-? sdtc/raceCode:-*
  sdtc/ethnicGroupCode:-*
SubstanceAdministration | @classCode!:=SBADM @moodCode!:substance-moods @negationInd:bl
  | id:II* code:CD? text:ED? statusCode:CS? effectiveTime:SXCM_TS* priorityCode:CE? repeatNumber:IVL_INT? routeCode:CE?
  approachSiteCode:CD* doseQuantity:IVL_PQ? rateQuantity:IVL_PQ? maxDoseQuantity:RTO_PQ_PQ? administrationUnitCode:CE?
  subject:Subject? specimen:Specimen* consumable:Consumable performer:Performer2* author:Author* informant:-*
  participant:Participant2* entryRelationship:EntryRelationship* reference:Reference* precondition:Precondition*
Supply | @classCode!:=SPLY @moodCode!:substance-moods
  | id:II* code:CD? text:ED? statusCode:CS? effectiveTime:SXCM_TS* priorityCode:CE* repeatNumber:IVL_INT?
  independentInd:BL?
  quantity:PQ? expectedUseTime:IVL_TS? subject:Subject? specimen:Specimen* product:Product? performer:Performer2*
  author:Author*
  informant:-* participant:Participant2* entryRelationship:EntryRelationship* reference:Reference*
  precondition:Precondition*
"""

DOCUMENT = """
ClinicalDocument | @nullFlavor:null @classCode:=DOCCLIN @moodCode:=EVN
  | realmCode:CS* typeId:typeId templateId:II* id:II code:CE title:ST? effectiveTime:TS confidentialityCode:CE
  languageCode:CS? setId:II? versionNumber:INT? copyTime:TS? recordTarget:RecordTarget+ author:Author+
  dataEnterer:DataEnterer? informant:-* custodian:Custodian informationRecipient:-*
  legalAuthenticator:LegalAuthenticator?
  authenticator:-* participant:Participant1* inFulfillmentOf:InFulfillmentOf* documentationOf:DocumentationOf*
  relatedDocument:RelatedDocument* authorization:-* componentOf:Component1? component:Component2
"""
