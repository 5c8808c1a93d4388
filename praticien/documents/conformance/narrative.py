"""The narrative block of a CDA section, in the notation of ``datatypes``. Source: CDA R2, narrative block."""

_MARKS = "@ID:id @language:nmtoken @styleCode:nmtokens"
_CELL = "@align:alignments @char:any @charoff:any @valign:heights"
_INLINE = (
    "content:content | linkHtml:linkHtml | sub:sub | sup:sup | br:br | footnote:footnote | footnoteRef:footnoteRef"
    " | renderMultiMedia:renderMultiMedia"
)
_FLOW = f"{_INLINE} | paragraph:paragraph | list:list"
_SPAN = "@abbr:any @axis:any @headers:idrefs @scope:scopes @rowspan:any @colspan:any"

NARRATIVE = f"""
~narrative | {_MARKS} @mediaType:=text/x-hl7-text+xml | ({_FLOW} | table:table)*
~content | {_MARKS} @revised:revisions | ({_INLINE})*
~linkHtml | {_MARKS} @name:any @href:any @rel:any @rev:any @title:any | (footnote:footnote | footnoteRef:footnoteRef)*
~sub | |
~sup | |
br | |
~footnote | {_MARKS} | (content:content | linkHtml:linkHtml | sub:sub | sup:sup | br:br
  | renderMultiMedia:renderMultiMedia | paragraph:paragraph | list:list | table:table)*
footnoteRef | {_MARKS} @IDREF!:idref |
renderMultiMedia | {_MARKS} @referencedObject!:idrefs | caption:caption?
~caption | {_MARKS} | (linkHtml:linkHtml | sub:sub | sup:sup | footnote:footnote | footnoteRef:footnoteRef)*
~paragraph | {_MARKS} | caption:caption? ({_INLINE})*
list | {_MARKS} @listType:list-types | caption:caption? item:item+
~item | {_MARKS} | caption:caption? ({_FLOW} | table:table)*
table | {_MARKS} @summary:any @width:any @border:any @frame:frames @rules:lines @cellspacing:any @cellpadding:any
  | caption:caption? (col:col* | colgroup:colgroup*) thead:rows? tfoot:rows? tbody:rows+
col | {_MARKS} {_CELL} @span:any @width:any |
colgroup | {_MARKS} {_CELL} @span:any @width:any | col:col*
rows | {_MARKS} {_CELL} | tr:tr+
tr | {_MARKS} {_CELL} | (th:th | td:td)+
~th | {_MARKS} {_CELL} {_SPAN} | ({_INLINE})*
~td | {_MARKS} {_CELL} {_SPAN} | ({_FLOW})*
"""
