"""What people decide, made into what the tables say: pure functions on decisions, texts and predictions."""
