import Perilune

/// A training step beside a neighbour that keeps one processor busy, against one thread alone at the same moment.
enum BusyWorkload {
    /// Timed fits of either kind for one repeat: many short ones, so that both meet the same of what else runs.
    private static let rounds = 6

    static func measure(_ race: TrainingWorkload, _ settings: BenchSettings) throws -> [Measurement] {
        let fit = try race.makeFit(steps: max(2, race.steps / 2))
        return try BusyNeighbour.Place.allCases.map { place in
            let neighbour = try BusyNeighbour(place)
            defer { neighbour.end() }
            var (all, one, ratios): ([Double], [Double], [Double]) = ([], [], [])
            for round in 0...settings.repeats * rounds {
                var times = (all: 0.0, one: 0.0)
                // Neither always goes first.
                for isOne in round.isMultiple(of: 2) ? [false, true] : [true, false] {
                    let time = try fit(isOne ? 1 : settings.threads)
                    if isOne { times.one = time } else { times.all = time }
                }
                // The first fits compile.
                guard round > 0 else { continue }
                all.append(times.all)
                one.append(times.one)
                ratios.append(times.all / times.one)
            }
            return Measurement(
                workload: race.name,
                figures: [
                    ("neighbour", .text(place.rawValue)),
                    ("us_per_step", .number(Timings(all).median, digits: 1)),
                    ("us_one_thread", .number(Timings(one).median, digits: 1)),
                    ("ratio", .number(Timings(ratios).median, digits: 3)),
                    ("mean_ratio", .number(all.reduce(0, +) / one.reduce(0, +), digits: 3)),
                ])
        }
    }
}
