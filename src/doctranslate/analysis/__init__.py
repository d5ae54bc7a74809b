"""Which calls of the source library a program makes, and on what."""
