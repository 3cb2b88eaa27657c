internal import Glibc

/// What the clock and the scheduler say.
struct ProcessorUse {
    /// Of a clock that does not stop.
    let nanoseconds: Int
    /// How often a thread of this process lost its processor to another, and was not done.
    let preemptions: Int

    static var now: ProcessorUse {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return ProcessorUse(nanoseconds: time.tv_sec * 1_000_000_000 + time.tv_nsec, preemptions: usage.ru_nivcsw)
    }
}
