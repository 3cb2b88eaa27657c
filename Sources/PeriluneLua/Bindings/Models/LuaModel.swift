internal import PeriluneGraph
internal import PeriluneLuaRuntime
package import PeriluneNN
internal import PeriluneRuntime
package import PeriluneTrain

/// A model as scripts hold it: the network, its weights, and the trainer once it is compiled.
package final class LuaModel: LuaLayer {
    package let model: Model
    let state: ModelState
    package private(set) var trainer: Trainer?
    /// The fit, evaluation or prediction in progress.
    weak var run: LuaRun?
    /// The run in progress, as long as it can still be stopped.
    var activeRun: Run? { run.flatMap { $0.run.endReason == nil ? $0.run : nil } }
    /// What a script set `stop_training` to while nothing ran.
    var stopTraining = false
    /// The parts of the model, so that scripts meet the same objects again.
    private var parts: [LuaLayer] = []
    /// About what a trainer, its optimizer and its programs take beside weights and their memory, in bytes.
    private static let compiledCost = 32 << 10
    private var compiledCharge: MemoryCharge?
    /// For predictions of a model that is not compiled.
    private var predictor: Trainer?

    init(_ model: Model, seed: UInt64, budget: any MemoryBudget) {
        self.model = model
        state = ModelState(model, seed: seed, budget: budget)
        super.init(model)
    }

    /// A model that a host trains.
    init(_ trainer: Trainer) {
        model = trainer.model
        state = trainer.state
        self.trainer = trainer
        super.init(trainer.model)
    }

    /// Keeps the objects of its layers, and makes its weights where it is built.
    func adopt(_ parts: [LuaLayer], in session: Session) throws {
        self.parts += parts
        session.adopt(self)
        if model.isBuilt { try prepare(training: false, in: session) }
    }

    /// Makes the weights if need be and brings shared ones up to date. The model must be built.
    func prepare(training: Bool, in session: Session) throws {
        try state.initialize()
        try session.weights.prepare(self, training: training)
    }

    func compile(_ trainer: Trainer, in state: LuaState) throws {
        if compiledCharge == nil { compiledCharge = try state.budget.charge(Self.compiledCost) }
        self.trainer = trainer
    }

    /// The trainer of a compiled model.
    func compiled() throws -> Trainer {
        if let trainer { return trainer }
        throw TensorFault(
            "model '\(model.name)' is not compiled; call model:compile { optimizer = …, loss = … } first")
    }

    /// A trainer that predicts, compiled or not.
    func predicting() throws -> Trainer {
        if let trainer { return trainer }
        if let predictor { return predictor }
        let made = try Trainer(model, optimizer: .sgd(), loss: MeanSquaredError(), seed: state.seed, state: state)
        predictor = made
        return made
    }

    /// The values of a weight in this model's memory; nil where it is not in this model.
    func read(_ weight: Weight) throws -> Tensor? {
        guard let variable = model.variables[weight] else { return nil }
        try state.initialize()
        return state.store.read(variable.id)
    }

    /// A weight in this model's memory as a tensor.
    func tensor(of weight: Weight) -> LuaTensor {
        LuaTensor(
            LuaTensor.Place(
                read: { try self.read(weight) ?? Tensor(0) },
                write: { tensor in
                    guard let variable = self.model.variables[weight] else { return }
                    try self.state.initialize()
                    try self.state.store.write(tensor, to: variable.id)
                },
                gradient: { try self.gradient(of: weight) }))
    }

    /// The gradient of a weight, within `on_backward_end`.
    func gradient(of weight: Weight) throws -> LuaTensor {
        guard let path = model.variables[weight]?.path, let trainer, run?.run.event == .backwardEnd,
            let variable = trainer.gradientVariable(path: path)
        else {
            throw TensorFault(
                "the gradient of '\(weight.name)' can be read within on_backward_end only, "
                    + "and only of weights that train"
            )
        }
        let store = state.store
        return LuaTensor(
            LuaTensor.Place(read: { store.read(variable) }, write: { try store.write($0, to: variable) }, gradient: nil)
        )
    }
}
