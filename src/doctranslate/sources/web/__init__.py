"""Documentation sites as a source: a polite, safe and resumable crawler."""
