"""What is checked before anyone sees a translation."""
