"""HL7 v2 messages of laboratories: ER7 read, ORU^R01 understood, MLLP listened to, acknowledgements written."""
