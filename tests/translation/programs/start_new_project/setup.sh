# Nothing here but a remote to push to.
true
