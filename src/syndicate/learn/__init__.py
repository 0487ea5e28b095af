"""Rules that are found on a publisher's pages: proposed, written to a pack, counted again, and reviewed."""
