"""What is made out of a run for people and machines."""
