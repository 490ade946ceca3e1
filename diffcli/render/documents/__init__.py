"""Results as versioned JSON documents: one module for each command."""
