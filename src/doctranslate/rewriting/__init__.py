"""From a program and its documents to a program that was checked: prompt, engine, and rounds of repair."""
