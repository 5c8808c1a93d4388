"""The second way to a professional card: a PKCS#11 library (ANS Cryptolib in the field), loaded in a helper process."""
