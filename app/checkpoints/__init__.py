"""What is known of checkpoints, and what is worked out from them once for all visitors."""
