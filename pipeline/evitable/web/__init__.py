"""The review page: people verify, correct and add, on this machine alone."""
