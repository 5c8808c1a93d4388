"""Clinical documents: what they are, how a CDA R2 is written and read, PDF and DICOM sources, checks."""
