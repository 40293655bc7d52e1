"""Running a case on a subject. The only part that starts processes of subjects."""
