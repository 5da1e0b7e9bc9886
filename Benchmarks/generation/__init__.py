"""How like real defects made ones are: every way to make them, by the same figures, on tiles that none has seen.

`python -m generation.study --help` says how to run it.
"""
