"""What could be sent, and by which rules it leaves (EX_GEN-1060, EX_2.1-1190)."""
