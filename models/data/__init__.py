"""Pictures and lists of a data set, as arrays."""
