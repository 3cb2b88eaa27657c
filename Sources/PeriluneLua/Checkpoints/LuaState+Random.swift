internal import PeriluneGraph
internal import PeriluneLuaRuntime
internal import PeriluneTrain

// Where the random numbers of a Lua state are: those of `math.random`, and the streams of
// the library.
//
// They belong to the state, whatever callbacks draw from them. A script that makes random numbers of its own keeps them
// in its own state.
extension LuaState {
    /// What a checkpoint keeps. A library that does not show where it is leaves that part out.
    var randomPosition: StateValue {
        let streams = session.streams
        var fields: [String: StateValue] = [
            "seed": .integer(Int(bitPattern: UInt(streams.seed))),
            "draws": .integer(Int(bitPattern: UInt(streams.count))),
        ]
        if let words = mathRandom { fields["math"] = .list(words.map { .integer(Int(bitPattern: UInt($0))) }) }
        return .record(fields)
    }

    /// Goes to where a checkpoint was. What it does not tell, as an older one, stays as it is.
    func setRandomPosition(_ saved: StateValue) {
        if let seed = saved["seed"]?.integer, let draws = saved["draws"]?.integer {
            session.streams = RandomStreams(
                seed: UInt64(UInt(bitPattern: seed)), count: UInt64(UInt(bitPattern: draws)))
        }
        setMathRandom((saved["math"]?.list ?? []).compactMap(\.integer).map { UInt64(UInt(bitPattern: $0)) })
    }
}
