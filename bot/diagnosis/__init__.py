"""Which of all causes it is: the verdict on one snapshot."""
