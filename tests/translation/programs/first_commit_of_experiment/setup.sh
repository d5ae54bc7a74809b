# The program makes its repositories itself.
true
