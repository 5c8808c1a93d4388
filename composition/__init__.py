"""The composition root: the modules that know every part, and put the application and its demonstration together.

Each command of ``main.py`` imports the one module that it needs.
"""
