"""From pages to chunks to digests."""
