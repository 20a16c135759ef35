"""One file per peer: the same work, written the way its tool asks for it.

Every peer offers `prepare(case, paths, threads) -> run`, and `run(seed)` returns the named arrays of its
subject. What `prepare` does (loading, compiling, allocating inputs) stays outside the clock.
"""
