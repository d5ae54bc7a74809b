"""Sites on this machine for tests and benchmarks: built documentation, client-side rendering, and a hostile one."""
