"""Biology over time: the values of all laboratory reports of the open patient in one table, and a curve."""
