import PeriluneLua
import PeriluneLuaRuntime

/// A fit that has nothing to do with those that are fuzzed: whatever happens to them, it gives what it gave at first.
struct SoundFit {
    private let renew: LuaFunction
    private let train: LuaFunction
    private let trainEndlessly: LuaFunction
    private let expected: [LuaValue]

    /// Everything that it needs is in locals: scripts may put anything into globals.
    private static let script = """
        local P, lune = P, lune
        local seed, sequential, input, dense, dropout, adam, randn, tensors =
          lune.seed, lune.sequential, lune.input, lune.dense, lune.dropout, lune.adam, lune.randn, lune.data.tensors
        local collectgarbage = collectgarbage
        local function compiled()
          local model = sequential { input { 4 }, dense(3), dropout(0.2) }
          model:compile { optimizer = adam { lr = 0.01 }, loss = "sparse_categorical_crossentropy", \
        metrics = { "accuracy" } }
          return model
        end
        local function data()
          local x = randn(12, 4)
          return tensors(x, randn(12, 3):argmax(2))
        end
        local function renew()
          _ENV.P, _ENV.lune = P, lune
          -- The models that fits are made of.
          P.model[1], P.model[4], P.dataset[1] = compiled(), compiled(), data()
        end
        local function train()
          collectgarbage()
          seed(5)
          local history = compiled():fit(data(), { epochs = 3, batch_size = 5, verbose = 0 })
          return #history, history.loss[1], history.loss[3], history.end_reason
        end
        local function train_endlessly()
          renew()
          P.model[1]:fit(P.dataset[1], { epochs = 1000000, batch_size = 5, verbose = 0 })
        end
        return renew, train, train_endlessly
        """

    init(_ state: LuaState) throws {
        let made = try state.load(text: Self.script, name: "sound").run()
        guard made.count == 3, let renew = made[0].function, let train = made[1].function,
            let trainEndlessly = made[2].function
        else { throw FuzzFinding("the sound fit is no function") }
        (self.renew, self.train, self.trainEndlessly) = (renew, train, trainEndlessly)
        expected = try train.call()
    }

    /// Puts a new model and new data into the pool.
    func renewPool() throws { try renew.call() }

    /// Trains a new model of the pool until somebody ends that.
    func runEndlessly() throws { try trainEndlessly.call() }

    /// - Throws: `FuzzFinding` where the fit goes another way than the first time.
    func check() throws {
        let given: [LuaValue]
        do { given = try train.call() } catch {
            // What was fuzzed may hold all the memory there is.
            if "\(error)".contains("not enough memory") { return }
            throw FuzzFinding("a sound fit fails: \(error)")
        }
        guard given == expected else { throw FuzzFinding("a sound fit gives \(given), and gave \(expected) at first") }
    }
}
