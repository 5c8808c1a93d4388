"""A strict reference server: plays the DMP (and INSi) for development, training and tests.

Works from the public facts about the protocol alone and shares no code with any client but value types.
"""
