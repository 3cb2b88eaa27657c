import Testing

@testable import PeriluneTrain

@Suite("OneCycle")
struct OneCycleTests {
    struct Vector: CustomTestStringConvertible, Sendable {
        var name: String
        var maxLR: Double
        var options: OneCycle.Options
        var rates: [Double]
        var momenta: [Double]
        var testDescription: String { name }
    }

    static func shaped(_ change: (inout OneCycle.Options) -> Void) -> OneCycle.Options {
        var options = OneCycle.Options()
        change(&options)
        return options
    }

    // Measured on OneCycleLR of torch 2.13.
    static let vectors = [
        Vector(
            name: "defaults", maxLR: 0.4, options: shaped { _ in },
            rates: [
                0.016, 0.208, 0.4, 0.38019385280538953, 0.3246982615799052, 0.24450480877451572, 0.1554967912254843,
                0.0753033384200948, 0.019807747194610516, 1.6e-06,
            ],
            momenta: [
                0.95, 0.9, 0.85, 0.854951556604879, 0.8688255099070633, 0.8888739533021842, 0.9111260466978157,
                0.9311744900929366, 0.945048443395121, 0.95,
            ]),
        Vector(
            name: "linear", maxLR: 1,
            options: shaped {
                ($0.anneal, $0.pctStart, $0.divFactor, $0.finalDivFactor) = (.linear, 0.5, 10, 100)
                $0.momentum = .init(base: 0.8, max: 0.9)
            }, rates: [0.1, 0.4, 0.7, 1, 0.75025, 0.5005, 0.25075, 0.001],
            momenta: [0.9, 0.8666666666666667, 0.8333333333333334, 0.8, 0.825, 0.85, 0.875, 0.9]),
        Vector(
            name: "three phases", maxLR: 0.3, options: shaped { ($0.threePhase, $0.pctStart) = (true, 0.4) },
            rates: [
                0.012, 0.10493689626587485, 0.26378554773663854, 0.2835056676940622, 0.1386427180432335,
                0.016184378290648525, 0.009741164717271288, 0.0033975578955381222, 1.2e-06,
            ],
            momenta: [
                0.95, 0.9177302443521268, 0.8625744625914449, 0.8557271987173395, 0.9060268340127661,
                0.9485470908713025, 0.95, 0.95, 0.95,
            ]),
    ]

    @Test("The rates and momenta of PyTorch's OneCycleLR", arguments: vectors)
    func agrees(_ vector: Vector) throws {
        let engine = try FakeEngine()
        engine.batches = vector.rates.count
        // Two fits, by steps and by the whole run.
        for span in [nil, RateSpan.steps(vector.rates.count)] {
            engine.step = 0
            let cycle = try OneCycle(maxLR: vector.maxLR, span, options: vector.options)
            let (rates, momenta) = try stepRates([cycle], engine: engine, epochs: 1)
            #expect(agree(rates, vector.rates), "\(rates)")
            #expect(agree(momenta, vector.momenta), "\(momenta)")
        }
    }

    @Test("After the cycle the rate stays at its least; Adam's beta_1 is its momentum")
    func after() throws {
        let optimizer = try Optimizer.adam(learningRate: 1)
        let cycle = try OneCycle(maxLR: 0.01, .steps(5), options: Self.shaped { $0.pctStart = 0.4 })
        // Measured on torch 2.13 as above.
        let (rates, betas) = try realRates(optimizer, cycle)
        #expect(agree(Array(rates.prefix(5)), [0.0004, 0.01, 0.00750001, 0.00250003, 4e-08]), "\(rates)")
        #expect(agree(Array(betas.prefix(5)), [0.95, 0.85, 0.875, 0.925, 0.95]))
        #expect(rates.dropFirst(5).allSatisfy { $0 == rates[4] } && rates.count == 8)
    }

    private func realRates(_ optimizer: Optimizer, _ cycle: OneCycle) throws -> ([Double], [Double]) {
        let engine = try FakeEngine(optimizer: optimizer)
        engine.batches = 4
        var betas: [Double] = []
        let reader = LambdaCallback(on: .trainBatchEnd) { context in
            betas.append(context.run.optimizer.value(of: "beta_1") ?? 0)
            return nil
        }
        return (try stepRates([cycle, reader], engine: engine, epochs: 2).rates, betas)
    }

    @Test("Momentum of 0 is left alone unless asked for")
    func momentum() throws {
        func final(_ cycles: Bool?) throws -> Double? {
            let engine = try FakeEngine(optimizer: .sgd(learningRate: 1))
            _ = try makeLoop(engine, [OneCycle(maxLR: 1, options: Self.shaped { $0.cyclesMomentum = cycles })]).fit()
            return engine.optimizer.value(of: "momentum")
        }
        #expect(try final(nil) == 0)
        #expect(try final(false) == 0)
        #expect(try final(true) == 0.95)
        let engine = try FakeEngine(optimizer: .adagrad())
        #expect(
            failure {
                _ = try makeLoop(
                    engine, [OneCycle(maxLR: 1, options: Self.shaped { $0.cyclesMomentum = true })]
                ).fit()
            }.hasPrefix("one_cycle: 'cycle_momentum' needs an optimizer with momentum or beta_1; adagrad has"))
    }

    @Test("Shapes at the edges give finite rates within the bounds")
    func edges() throws {
        for steps in 1...6 {
            for share in [0, 0.1, 0.2, 0.25, 0.5, 1] {
                for three in [false, true] {
                    let engine = try FakeEngine()
                    engine.batches = steps
                    let cycle = try OneCycle(
                        maxLR: 1, options: Self.shaped { ($0.pctStart, $0.threePhase) = (share, three) })
                    let rates = try stepRates([cycle], engine: engine, epochs: 1).rates
                    #expect(rates.allSatisfy { $0 >= 0 && $0 <= 1 }, "\(steps) \(share) \(three): \(rates)")
                }
            }
        }
    }

    @Test("A schedule, and options out of range, are refused")
    func options() throws {
        let engine = try FakeEngine(schedule: ConstantSchedule(1))
        #expect(
            failure { _ = try makeLoop(engine, [OneCycle(maxLR: 1)]).fit() }
                == "one_cycle: the optimizer follows a schedule already; give it a plain learning rate (callback "
                + "'one_cycle')")
        #expect(
            failure { _ = try OneCycle(maxLR: 0) } == "one_cycle: 'max_lr' must be a finite number above 0, got 0.0")
        #expect(
            failure { _ = try OneCycle(maxLR: 1, options: Self.shaped { $0.pctStart = 2 }) }
                == "one_cycle: 'pct_start' must be a number from 0 to 1, got 2.0")
        #expect(
            failure { _ = try OneCycle(maxLR: 1e10, options: Self.shaped { $0.divFactor = 1e-300 }) }
                == "one_cycle: 'div_factor' must be large enough for a finite first rate, got 1e-300")
        #expect(
            failure { _ = try OneCycle(maxLR: 1, options: Self.shaped { $0.momentum.max = 1 }) }
                == "one_cycle: 'max_momentum' must be a number of 0 or more and below 1, got 1.0")
    }

    @Test("Resumes exactly")
    func resume() throws {
        try expectExactResume { [try OneCycle(maxLR: 0.3)] }
        // An optimizer that has no momentum before the cycle gives it some.
        try expectExactResume(optimizer: { try .sgd(learningRate: 1) }) {
            [try OneCycle(maxLR: 0.3, .steps(12), options: Self.shaped { $0.cyclesMomentum = true })]
        }
    }
}
