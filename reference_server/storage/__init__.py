"""SQLite through SQLAlchemy: dossiers, documents, traces, notifications."""
