"""Plays a whole remediation on a miniature repository, for whoever wants to see one.

The repository is in ``repository/``, what a person decides in ``decisions/``. Each file
of the repository has ``.txt`` behind its name, so that no tool takes it for our code.
"""

__all__ = []
