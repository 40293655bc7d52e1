"""How strong the suite is: wrong copies of an implementation are made, and counted is which of them it rejects."""
