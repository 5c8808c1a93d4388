"""The data types of HL7 v3 that a CDA document uses, as ``grammar`` reads them.

Source: HL7 v3 data types R1, XML ITS. ``Name < Base`` inherits attributes and content; ``:=`` after the base: its
content is replaced; ``~`` before the name: text may stand between the elements; ``any/other``: an element of another
namespace; ``!`` after an attribute: required; ``-`` as its form: forbidden though inherited.
"""

TYPES = """
ANY | @nullFlavor:null |
BL < ANY | @value:bl |
~BIN < ANY | @representation:encodings |
~ED < BIN | @mediaType:cs @language:cs @compression:compressions @integrityCheck:base64
  @integrityCheckAlgorithm:checksums
  | reference:TEL? thumbnail:thumbnail? any/other:any?
~thumbnail < ED := | | reference:TEL? thumbnail:ED{0}
~ST < ED := | @representation:=TXT @mediaType:=text/plain @compression:- @integrityCheck:- @integrityCheckAlgorithm:- |
CD < ANY | @code:cs @codeSystem:uid @codeSystemName:st @codeSystemVersion:st @displayName:st
  | originalText:ED? qualifier:CR* translation:CD*
CE < CD := | | originalText:ED? translation:CD*
CV < CE := | | originalText:ED?
CS < CV := | @codeSystem:- @codeSystemName:- @codeSystemVersion:- @displayName:- |
EIVL.event < CE := | @code:timings @codeSystem:=2.16.840.1.113883.5.139 @codeSystemName:=TimingEvent |
CO < CV | |
CR < ANY | @inverted:bl | name:CV? value:CD?
~SC < ST | @code:cs @codeSystem:uid @codeSystemName:st @codeSystemVersion:st @displayName:st |
II < ANY | @root:uid @extension:st @assigningAuthorityName:st @displayable:bl |
typeId < II | @root!:=2.16.840.1.113883.1.3 @extension!:st |
URL < ANY | @value:url |
TEL < URL | @use:telecom-uses | useablePeriod:SXCM_TS*
QTY < ANY | |
INT < QTY | @value:int |
REAL < QTY | @value:real |
PQR < CV | @value:real |
PQ < QTY | @value:real @unit:cs | translation:PQR*
MO < QTY | @value:real @currency:cs |
TS < QTY | @value:ts |
RTO_QTY_QTY < QTY | | numerator:QTY denominator:QTY
RTO < RTO_QTY_QTY | |
RTO_PQ_PQ < QTY | | numerator:PQ denominator:PQ
SXCM_TS < TS | @operator:operators |
SXCM_PQ < PQ | @operator:operators |
SXCM_INT < INT | @operator:operators |
SXCM_CD < CD | @operator:operators |
IVXB_TS < TS | @inclusive:bl |
IVXB_PQ < PQ | @inclusive:bl |
IVXB_INT < INT | @inclusive:bl |
IVL_TS < SXCM_TS | | (low:IVXB_TS (width:PQ | high:IVXB_TS)? | high:IVXB_TS | width:PQ high:IVXB_TS? | center:TS
  width:PQ?)?
IVL_PQ < SXCM_PQ | | (low:IVXB_PQ (width:PQ | high:IVXB_PQ)? | high:IVXB_PQ | width:PQ high:IVXB_PQ? | center:PQ
  width:PQ?)?
IVL_INT < SXCM_INT | | (low:IVXB_INT (width:INT | high:IVXB_INT)? | high:IVXB_INT | width:INT high:IVXB_INT?
  | center:INT width:INT?)?
PIVL_TS < SXCM_TS | @alignment:cycles @institutionSpecified:bl | phase:IVL_TS? period:PQ?
EIVL_TS < SXCM_TS | | event:EIVL.event? offset:IVL_PQ?
SXPR_TS < SXCM_TS | | comp:SXCM_TS comp:SXCM_TS+
~ADXP < ST | |
~AD < ANY | @use:address-uses @isNotOrdered:bl | (delimiter:ADXP | country:ADXP | state:ADXP | county:ADXP | city:ADXP
  | postalCode:ADXP | streetAddressLine:ADXP | houseNumber:ADXP | houseNumberNumeric:ADXP | direction:ADXP
  | streetName:ADXP | streetNameBase:ADXP | streetNameType:ADXP | additionalLocator:ADXP | unitID:ADXP | unitType:ADXP
  | careOf:ADXP | censusTract:ADXP | deliveryAddressLine:ADXP | deliveryInstallationType:ADXP
  | deliveryInstallationArea:ADXP | deliveryInstallationQualifier:ADXP | deliveryMode:ADXP | deliveryModeIdentifier:ADXP
  | buildingNumberSuffix:ADXP | postBox:ADXP | precinct:ADXP)* useablePeriod:SXCM_TS*
~ENXP < ST | @qualifier:qualifiers |
~EN < ANY | @use:name-uses | (delimiter:ENXP | family:ENXP | given:ENXP | prefix:ENXP | suffix:ENXP)* validTime:IVL_TS?
~PN < EN | |
~ON < EN := | | (delimiter:ENXP | prefix:ENXP | suffix:ENXP)* validTime:IVL_TS?
~TN < EN := | | validTime:IVL_TS?
lab.status | @code:lab-statuses |
"""

ABSTRACT = frozenset({"ANY", "BIN", "URL", "QTY"})
