"""The order of the stages, written once, and the Prefect flows that run them over a corpus."""
