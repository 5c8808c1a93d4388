"""The wire: one package a distant system, ``soap`` and ``tls`` shared."""
