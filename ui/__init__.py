"""The window: Qt Widgets, in French. Knows the practice; readers, connectors and the server are handed in."""
