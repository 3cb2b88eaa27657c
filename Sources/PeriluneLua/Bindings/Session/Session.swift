internal import PeriluneGraph
internal import PeriluneLuaRuntime
internal import PeriluneRuntime
internal import PeriluneTrain

/// What the bindings of one Lua state share.
package final class Session {
    /// Whatever the script makes that draws random numbers takes a stream of its own from here: each model, `compile`,
    /// shuffle, generator and random tensor. Seed and count are what a checkpoint keeps of them.
    var streams = RandomStreams(seed: 0)
    /// What the script's tensors, weights and programs are counted against.
    let budget: ScriptBudget
    /// Does the script's arithmetic on tensors.
    let evaluator: EagerEvaluator
    /// The layers that scripts have seen, so that each is one object to them.
    private var layers: [ObjectIdentifier: WeakLayer] = [:]
    /// With more entries than this in `layers`, those of layers that are gone are removed.
    private var mostLayers = 1024
    /// The runs in progress, innermost last.
    var runs: [LuaRun] = []
    /// Runs that a host started, as long as they are referred to here.
    var hostRuns: [WeakRun] = []
    /// Which model has the present values of a weight that several share.
    let weights = WeightHomes()

    init(_ state: LuaState) {
        budget = state.budget
        let evaluator = EagerEvaluator(budget: budget)
        self.evaluator = evaluator
        budget.whenShort = { [unowned evaluator] in evaluator.forgetPrograms() }
    }

    struct WeakRun {
        weak var run: LuaRun?
    }

    private struct WeakLayer {
        weak var layer: LuaLayer?
    }

    /// Starts all random numbers anew.
    func setSeed(_ seed: UInt64, in state: LuaState) throws(LuaError) {
        streams = RandomStreams(seed: seed)
        try state.seedRandom(seed)
    }

    /// Remembers the object that scripts know a layer by.
    func adopt(_ box: LuaLayer) {
        layers[ObjectIdentifier(box.layer)] = WeakLayer(layer: box)
        guard layers.count > mostLayers else { return }
        layers = layers.filter { $0.value.layer != nil }
        mostLayers = max(1024, 2 * layers.count)
    }

    /// The object that scripts know a layer by, if one of them still does.
    func known(_ identifier: ObjectIdentifier) -> LuaLayer? { layers[identifier]?.layer }

    var knownLayers: [LuaLayer] { layers.values.compactMap(\.layer) }
}

extension LuaState {
    /// What the bindings keep for this state.
    package var session: Session { attachment(Session.self) { Session(self) } }
}
