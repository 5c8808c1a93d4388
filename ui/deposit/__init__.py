"""Depositing a document: the form, its drafts, the author chosen by the secretary, the DICOM study."""
