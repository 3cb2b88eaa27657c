import Perilune

/// What each callback that comes with the library adds to an epoch of `digits`.
enum EpochCostWorkload {
    private static let epochs = 30

    static func measure(_ settings: BenchSettings) throws -> [Measurement] {
        let state = try LuaState()
        try PeriluneModule.install(in: state)
        let script = String(decoding: PackageResources.callback_costs_lua, as: UTF8.self)
        let results = try state.load(text: script, name: "callback_costs.lua").run([.integer(epochs)])
        guard let fits = results.first?.table else { return [] }

        // All take turns, so that the machine's moods meet all of them.
        var milliseconds: [String: [Double]] = [:]
        for round in 0...settings.repeats {
            for (name, value) in try fits.fields {
                let start = ContinuousClock.now
                try value.function?.call()
                if round > 0 {
                    milliseconds[name, default: []].append(
                        (ContinuousClock.now - start).inSeconds * 1e3 / Double(epochs))
                }
            }
        }
        let timings = milliseconds.mapValues { Timings($0) }
        guard let plain = timings["none"] else { return [] }
        return timings.sorted { $0.key < $1.key }.map { name, timing in
            Measurement(
                workload: "callback_costs",
                figures: [
                    ("callback", .text(name)), ("epoch_ms", .number(timing.median, digits: 3)),
                    ("added_us", .number((timing.median - plain.median) * 1e3, digits: 0)),
                    ("min_added_us", .number((timing.least - plain.least) * 1e3, digits: 0)),
                ])
        }
    }
}
