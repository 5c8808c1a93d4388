"""The wire: one package a distant system, ``soap`` and ``tls`` shared."""

import logging

# signxml writes whole assertions, with the patient's INS in them, to its debug log
logging.getLogger("signxml").setLevel(logging.WARNING)
