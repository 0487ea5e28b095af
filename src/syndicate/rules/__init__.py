"""The rule language: strict files, one automaton, one plan."""
