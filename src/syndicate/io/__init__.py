"""Readers and writers: the edge between files and the package's values."""
