"""IHE XDM: documents with their metadata in one zip file, for another professional or another program."""
