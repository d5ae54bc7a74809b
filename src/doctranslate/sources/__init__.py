"""Where documentation comes from: an installed or downloaded distribution, a folder, a website."""
