"""Sections and entries that several models share, known by their templateIds.

Source: IHE PCC and the CI-SIS content models (1.2.250.1.213.1.1.2.*, 1.2.250.1.213.1.1.3.*), facts typed in.
"""

from praticien.documents.conformance.rules import read

_ATTACHED = "//templateId[@root='1.2.250.1.213.1.1.3.18']"

SHARED = read(
    "CI-SIS modèles de contenus",
    f"""
section.added_documents {{1.2.250.1.213.1.1.2.37}}
  self::section
  id 0..1
  text
  code#LOINC:55107-7
  {_ATTACHED}
section.pdf_copy {{1.2.250.1.213.1.1.2.243}}
  self::section
  text
  title='Copie du document'
  code#LOINC:55108-5
  {_ATTACHED}
section.comment {{1.3.6.1.4.1.19376.1.4.1.2.16}}
  self::section
  templateId[@root='2.16.840.1.113883.10.12.201']
  id 0..1
  code[@code='55112-7']
  code[@codeSystem='2.16.840.1.113883.6.1']
entry.attached_document {{1.2.250.1.213.1.1.3.18}}
  self::organizer[@classCode='CLUSTER' and @moodCode='EVN']
  id 1..1
  code
  statusCode/@code='completed'
  component/observation{{1.3.6.1.4.1.19376.1.5.3.1.4.13}}
  component/observationMedia[@classCode='OBS' and @moodCode='EVN']/value[(@mediaType and @representation='B64')
    or @nullFlavor]
entry.attached_kind {{1.2.250.1.213.1.1.3.48.18}}
  self::observation[@classCode='OBS' and @moodCode='EVN']
  id 1..1
  templateId[@root='1.3.6.1.4.1.19376.1.5.3.1.4.13']
  code#LOINC:69764-9 1..1
  statusCode/@code='completed'
  text
  effectiveTime
  value
entry.simple_observation {{1.3.6.1.4.1.19376.1.5.3.1.4.13}}
  interpretationCode 0..1
  methodCode 0..1
  targetSiteCode 0..1
  author 0..1
  @classCode='OBS' and @moodCode='EVN'
  id
  code
  text/reference
  statusCode[@code='completed']
  effectiveTime[@value or @nullFlavor] or effectiveTime/low[@value or @nullFlavor]
entry.comment {{1.3.6.1.4.1.19376.1.5.3.1.4.2}}
  templateId[@root='1.2.250.1.213.1.1.3.32']
  templateId[@root='2.16.840.1.113883.10.20.1.40']
  code#LOINC:48767-8
  statusCode[@code='completed']
  text/reference
""",
)
