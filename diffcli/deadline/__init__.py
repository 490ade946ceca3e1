"""Work that cannot be trusted to end, in a process that can be ended.

Nothing is interrupted in the caller's process, which work that has overrun its limit leaves as it was.
"""
