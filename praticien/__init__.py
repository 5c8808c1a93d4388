"""The practice itself: identity, professionals, access rules, documents, deposit. No window, socket or reader."""
