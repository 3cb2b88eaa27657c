import Glibc

/// Whole processes, from start to exit.
enum ProcessWorkload {
    static func startup(_ settings: BenchSettings) throws -> [Measurement] {
        // A process of milliseconds is measured more often: neighbours on the machine disturb it more.
        let runs = try measure(settings, times: settings.repeats * 5, arguments: ["-e", "print(1)"])
        return [
            Measurement(
                workload: "startup",
                figures: [
                    ("ms", .number(runs.times.median * 1e3, digits: 2)),
                    ("min_ms", .number(runs.times.least * 1e3, digits: 2)),
                    ("peak_mb", .number(runs.peakMegabytes, digits: 1)),
                ])
        ]
    }

    /// The prompt, from its start to the answer to a first line and out again.
    static func promptStartup(_ settings: BenchSettings) throws -> [Measurement] {
        let runs = try measure(
            settings, times: settings.repeats * 5, arguments: ["repl", "--no-init"], input: "1 + 1\n:quit\n")
        return [
            Measurement(
                workload: "prompt_startup",
                figures: [
                    ("ms", .number(runs.times.median * 1e3, digits: 2)),
                    ("min_ms", .number(runs.times.least * 1e3, digits: 2)),
                    ("peak_mb", .number(runs.peakMegabytes, digits: 1)),
                ])
        ]
    }

    static func digits(_ settings: BenchSettings) throws -> [Measurement] {
        let script = String(decoding: PackageResources.digits_process_lua, as: UTF8.self)
        let runs = try measure(settings, times: settings.repeats, arguments: ["-e", script])
        return [
            Measurement(
                workload: "digits_process",
                figures: [
                    ("seconds", .number(runs.times.median, digits: 3)),
                    ("min_seconds", .number(runs.times.least, digits: 3)),
                    ("peak_mb", .number(runs.peakMegabytes, digits: 1)),
                ])
        ]
    }

    private static func measure(
        _ settings: BenchSettings, times: Int, arguments: [String], input: String = ""
    ) throws -> (times: Timings, peakMegabytes: Double) {
        var seconds: [Double] = []
        var peak = 0.0
        // The first run reads the program from disk and does not count.
        for run in 0...times {
            let ended = try ChildProcess.run(settings.program, arguments, input: input)
            guard run > 0 else { continue }
            seconds.append(ended.seconds)
            peak = max(peak, ended.peakMegabytes)
        }
        return (Timings(seconds), peak)
    }
}
