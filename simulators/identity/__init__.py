"""A stand-in for the real-name check: do this name and this ID number belong together?"""
