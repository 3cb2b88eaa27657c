import PeriluneData
import PeriluneGraph
import PeriluneRuntime
import Testing

@testable import PeriluneTrain

@Suite("Optimizers")
struct OptimizerTests {
    /// Runs the update graph on one parameter of two elements, with these gradients step by step.
    static func run(_ optimizer: Optimizer, start: [Float], gradients: [[Float]]) throws -> [Float] {
        let spec = TensorSpec([2])
        let store = VariableStore()
        let parameter = try store.add(spec)
        try store.write(Tensor(start, shape: [2]), to: parameter)
        let description = TrainedParameter(path: "weight", layers: [], shape: [2])
        let slots = try optimizer.slots(of: description).map { slot in
            let spec = TensorSpec(slot.shape ?? [2])
            let id = try store.add(spec)
            switch slot.initial {
            case .value(let value): store.fill(id, value)
            case .parameter: try store.write(Tensor(start, shape: [2]), to: id)
            }
            return (id: id, spec: spec)
        }
        let builder = GraphBuilder()
        let update = Optimizer.Update(
            description: description, parameter: builder.variable(parameter, spec), gradient: builder.input(0, spec),
            slots: slots.map { builder.variable($0.id, $0.spec) })
        let result = try optimizer.emit([update], in: builder)[0]
        builder.addUpdate(parameter, result.parameter)
        for (known, slot) in zip(slots, result.slots) { builder.addUpdate(known.id, slot) }
        var context = try ExecutionContext(Program(builder.graph, variables: store), variables: store)
        var scalars = [Float](repeating: 0, count: optimizer.scalarCount)
        for (step, gradient) in gradients.enumerated() {
            optimizer.step = step
            optimizer.fillScalars(&scalars)
            try context.run(inputs: [Tensor(gradient, shape: [2])], hyperparameters: scalars)
        }
        return store.read(parameter).floats
    }

    @Test func `a gradient that hardly changes leaves centred RMSprop a number`() throws {
        for scale in [1, 1e4, 1e6] as [Float] {
            let gradients = (0..<300).map { [scale, -scale * (1 + Float($0 % 2) * 1e-7)] }
            let result = try Self.run(
                .rmsprop(learningRate: 1e-6, centered: true), start: [1, -2], gradients: gradients)
            #expect(result.allSatisfy(\.isFinite) && result[0] < 1 && result[1] > -2, "\(scale): \(result)")
        }
    }

    static let start: [Float] = [1, -2]
    static let gradients: [[Float]] = [[0.5, -1], [0.25, 2], [-1, 0.5]]

    /// One element in double precision by the formula of the rule, step by step.
    static func reference(
        _ index: Int, _ step: (_ w: Double, _ g: Double, _ t: Int, _ state: inout [Double]) -> Double,
        state: [Double]
    ) -> Double {
        var (w, state) = (Double(start[index]), state)
        for (t, gradient) in gradients.enumerated() { w = step(w, Double(gradient[index]), t + 1, &state) }
        return w
    }

    static func expect(
        _ optimizer: Optimizer, state: [Double] = [0, 0, 0],
        _ step: (_ w: Double, _ g: Double, _ t: Int, _ state: inout [Double]) -> Double
    ) throws {
        let result = try run(optimizer, start: start, gradients: gradients)
        for index in 0..<2 {
            let expected = reference(index, step, state: state)
            #expect(abs(Double(result[index]) - expected) < 1e-5 * max(1, abs(expected)), "\(optimizer.name)")
        }
    }

    static func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { p, _ in p * x } }

    @Test("SGD, with momentum and Nesterov's look-ahead")
    func sgd() throws {
        try Self.expect(.sgd(learningRate: 0.1)) { w, g, _, _ in w - 0.1 * g }
        try Self.expect(.sgd(learningRate: 0.1, momentum: 0.9)) { w, g, _, s in
            s[0] = 0.9 * s[0] - 0.1 * g
            return w + s[0]
        }
        try Self.expect(.sgd(learningRate: 0.1, momentum: 0.9, nesterov: true)) { w, g, _, s in
            s[0] = 0.9 * s[0] - 0.1 * g
            return w + 0.9 * s[0] - 0.1 * g
        }
    }

    @Test("Adam in PyTorch's form, and AdamW with its decay")
    func adam() throws {
        func adam(_ w: Double, _ g: Double, _ t: Int, _ s: inout [Double]) -> Double {
            s[0] = 0.9 * s[0] + 0.1 * g
            s[1] = 0.999 * s[1] + 0.001 * g * g
            let (m, v) = (s[0] / (1 - Self.power(0.9, t)), s[1] / (1 - Self.power(0.999, t)))
            return w - 0.01 * m / (v.squareRoot() + 1e-7)
        }
        try Self.expect(.adam(learningRate: 0.01), adam)
        try Self.expect(.adamW(learningRate: 0.01, weightDecay: 0.5)) { w, g, t, s in
            adam(w * (1 - 0.01 * 0.5), g, t, &s)
        }
    }

    @Test("RMSprop, centred and with momentum")
    func rmsprop() throws {
        try Self.expect(.rmsprop(learningRate: 0.01)) { w, g, _, s in
            s[0] = 0.9 * s[0] + 0.1 * g * g
            return w - 0.01 * g / (s[0] + 1e-7).squareRoot()
        }
        try Self.expect(.rmsprop(learningRate: 0.01, momentum: 0.5, centered: true)) { w, g, _, s in
            s[0] = 0.9 * s[0] + 0.1 * g * g
            s[1] = 0.9 * s[1] + 0.1 * g
            s[2] = 0.5 * s[2] + 0.01 * g / (s[0] + 1e-7 - s[1] * s[1]).squareRoot()
            return w - s[2]
        }
    }

    @Test("Adagrad")
    func adagrad() throws {
        try Self.expect(.adagrad(learningRate: 0.1), state: [0.1]) { w, g, _, s in
            s[0] += g * g
            return w - 0.1 * g / (s[0] + 1e-7).squareRoot()
        }
    }

    @Test("Clipping by norm, by value and by the global norm; decay for every rule")
    func clipping() throws {
        // ‖(3, 4)‖ = 5.
        func clip(_ clipping: GradientClipping, _ gradient: [Float]) throws -> [Float] {
            try Self.run(.sgd(learningRate: 1, clipping: clipping), start: [0, 0], gradients: [gradient])
        }
        func near(_ a: [Float], _ b: [Float]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 } }
        #expect(near(try clip(.init(norm: 1), [3, 4]), [-0.6, -0.8]))
        #expect(near(try clip(.init(norm: 10), [3, 4]), [-3, -4]))
        #expect(near(try clip(.init(norm: 1), [0, 0]), [0, 0]))
        #expect(near(try clip(.init(globalNorm: 1), [3, 4]), [-0.6, -0.8]))
        #expect(near(try clip(.init(value: 3.5), [3, -4]), [-3, 3.5]))
        let decayed = try Self.run(
            .sgd(learningRate: 0.1, weightDecay: 0.5), start: [2, 4], gradients: [[0, 0]])
        #expect(near(decayed, [1.9, 3.8]))
    }

    @Test("Setters refuse what is out of range and name the nearest")
    func setters() throws {
        let adam = try Optimizer.adam()
        func message(_ name: String, _ value: Double) throws -> String {
            try #require(throws: DirectiveError.self) { try adam.set(name, value) }.message
        }
        #expect(try message("lr", -1).contains("a finite number of 0 or more, got -1.0"))
        #expect(try message("learning_rate", .nan).contains("got nan"))
        #expect(try message("beta_3", 0.5).contains("did you mean 'beta_1'?"))
        #expect(try message("beta_1", 1).contains("below 1"))
        #expect(throws: TrainingError.self) { try Optimizer.sgd(momentum: 1.5) }
        #expect(throws: TrainingError.self) { try Optimizer.sgd(clipping: .init(norm: 1, value: 1)) }
        try adam.set("clipnorm", 1)
        #expect(try message("clipvalue", 1).contains("only one way"))
        #expect(adam.names.contains("weight_decay"))
    }

    @Test("A learning rate replaces the schedule; a scale multiplies it")
    func schedules() throws {
        let optimizer = try Optimizer.sgd(schedule: ConstantSchedule(0.5))
        try optimizer.scaleLearningRate(by: 0.5)
        #expect(optimizer.learningRate == 0.25)
        try optimizer.set("lr", 0.1)
        #expect(!optimizer.hasSchedule)
        #expect(optimizer.learningRate == 0.1)
    }
}
