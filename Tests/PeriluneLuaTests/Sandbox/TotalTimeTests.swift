import Perilune
import Testing

/// The limit for all that a script does.
@Suite struct TotalTimeTests {
    @Test func `All units count together, and a script that is over it runs no more`() throws {
        let state = try LuaState(
            profile: .strict, limits: ScriptLimits(time: .seconds(60), totalTime: .milliseconds(100)))
        #expect(state.totalTimeLimit == .milliseconds(100))
        var errors: [LuaError] = []
        for _ in 1...1000 where errors.count < 3 {
            if let error = state.failure("local n = 0 for i = 1, 100000 do n = n + i end return n") {
                errors.append(error)
            }
        }
        #expect(errors.count == 3)
        #expect(errors.allSatisfy { $0.kind == .timeLimit })
        // It may run out where no line runs: between two of the units.
        #expect(errors[0].message.hasPrefix("script.lua:"))
        #expect(errors[0].message.hasSuffix(" the total time limit of 0.1 s is over"))
        #expect(state.stackHeight == 0)
        try state.limitTotalTime(.seconds(60))
        #expect(try state.run("return 1") == [1])
        try state.limitTotalTime(nil)
        #expect(state.totalTimeLimit == nil)
    }

    @Test func `A total alone binds, without a limit for each event`() throws {
        let state = try LuaState(profile: .trusted, limits: ScriptLimits(totalTime: .milliseconds(50)))
        #expect(state.timeLimit == nil)
        #expect(
            state.failure("while true do pcall(error) end")?.message
                == "script.lua:1: the total time limit of 0.05 s is over")
    }

    /// The clock of each event stands still in a training; that of the total does not.
    @Test func `Trainings count`() throws {
        let state = try lune(smallModel)
        try state.limitTotalTime(.milliseconds(200))
        let error = try #require(state.failure("model:fit(data, { epochs = 100000000, verbose = 0 })"))
        #expect(error.kind == .timeLimit)
        #expect(error.message.contains("the total time limit of 0.2 s is over"))
    }

    /// One prediction after the other would stop the clock for ever.
    @Test(arguments: ["model:predict(x)", "model:evaluate(data, { verbose = 0 })"])
    func `Predictions and evaluations are a part of the statements`(call: String) throws {
        let state = try lune(smallModel)
        try state.run(call)
        try state.limitTime(.milliseconds(200))
        #expect(state.failure("while true do \(call) end")?.kind == .timeLimit)
    }
}
