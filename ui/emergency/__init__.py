"""Both emergency modes on screen: the sheet, the band and its countdown, what is asked afterwards."""
