"""Frozen data: clauses, cases, subjects, observations, results. No input or output here."""
