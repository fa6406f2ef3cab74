"""Training and measuring of models."""
