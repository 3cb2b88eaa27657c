import Perilune

/// What a Lua function on every train-batch end costs, its fresh logs table included, and what an event costs that
/// nobody listens to.
enum CallbackWorkload {
    static func measure(_ settings: BenchSettings) throws -> [Measurement] {
        let state = try LuaState()
        try PeriluneModule.install(in: state)
        let script = String(decoding: PackageResources.callback_lua, as: UTF8.self)
        let results = try state.load(text: script, name: "callback.lua").run()
        guard results.count == 2, let batches = results[0].integer, let runs = results[1].table else { return [] }

        // The three take turns, so that the machine's moods meet all of them.
        let names = ["plain", "heard", "unheard"]
        var nanoseconds: [String: [Double]] = [:]
        for run in 0...settings.repeats {
            for name in names {
                guard let fit = runs[name].function else { continue }
                let start = ContinuousClock.now
                try fit.call()
                let time = (ContinuousClock.now - start).inSeconds * 1e9 / Double(batches)
                if run > 0 { nanoseconds[name, default: []].append(time) }
            }
        }
        let timings = nanoseconds.mapValues { Timings($0) }
        guard let plain = timings["plain"], let heard = timings["heard"], let unheard = timings["unheard"] else {
            return []
        }
        return [
            Measurement(
                workload: "callback",
                figures: [
                    ("batch_ns", .number(plain.median, digits: 0)),
                    ("lua_callback_ns", .number(heard.median - plain.median, digits: 0)),
                    ("min_lua_callback_ns", .number(heard.least - plain.least, digits: 0)),
                    ("unheard_event_ns", .number(unheard.median - plain.median, digits: 0)),
                    ("min_unheard_event_ns", .number(unheard.least - plain.least, digits: 0)),
                ])
        ]
    }
}
