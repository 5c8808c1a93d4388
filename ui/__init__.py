"""Qt Widgets windows."""
