import PeriluneGraph
import PeriluneItems
import Testing

@testable import PeriluneTrain

/// What single rules do that no comparison with Keras shows.
struct RuleTests {
    private static func slots(_ optimizer: Optimizer, _ parameter: TrainedParameter) -> [String: Shape?] {
        Dictionary(uniqueKeysWithValues: optimizer.slots(of: parameter).map { ($0.name, $0.shape) })
    }

    @Test func `Adafactor keeps rows and columns of the last two axes`() throws {
        let optimizer = try Optimizer.adafactor()
        let kernel = TrainedParameter(path: "conv/kernel", layers: ["conv"], shape: [3, 3, 2, 5])
        #expect(Self.slots(optimizer, kernel) == ["row_velocity": [3, 3, 2], "column_velocity": [3, 3, 5]])
        let bias = TrainedParameter(path: "conv/bias", layers: ["conv"], shape: [5])
        #expect(Self.slots(optimizer, bias) == ["velocity": nil])
    }

    @Test func `Muon leaves to AdamW what is no matrix, embeddings and excluded layers`() throws {
        var rule = Muon()
        rule.excludedLayers = ["head*"]
        func isMatrix(_ path: String, _ layers: [String], _ shape: Shape) -> Bool {
            rule.isMatrix(TrainedParameter(path: path, layers: layers, shape: shape))
        }
        #expect(isMatrix("dense/kernel", ["dense"], [3, 4]))
        #expect(!isMatrix("dense/bias", ["dense"], [4]))
        #expect(!isMatrix("conv/kernel", ["conv"], [3, 3, 2, 5]))
        #expect(!isMatrix("words/embeddings", ["words"], [100, 8]))
        #expect(!isMatrix("head_1/kernel", ["head_1"], [3, 4]))
        #expect(!isMatrix("head/dense/kernel", ["head", "dense"], [3, 4]))
        rule.excludesEmbeddings = false
        #expect(isMatrix("words/embeddings", ["words"], [100, 8]))
        let optimizer = try Optimizer.muon(rule)
        #expect(
            Self.slots(optimizer, TrainedParameter(path: "a/kernel", layers: ["a"], shape: [3, 4])) == ["momentum": nil]
        )
        #expect(
            Self.slots(optimizer, TrainedParameter(path: "a/bias", layers: ["a"], shape: [4]))
                == ["momentum": nil, "velocity": nil])
    }

    @Test func `FTRL keeps a weight that never had a gradient`() throws {
        let optimizer = try Optimizer.ftrl(Ftrl(initialAccumulator: 0), learningRate: 0.1)
        let end = try OptimizerTests.run(optimizer, start: [1, -2], gradients: [[0, 0], [0, 0.5]])
        #expect(end[0] == 1)
        #expect(end[1].isFinite && end[1] != -2)
    }

    @Test func `schedule-free weights stay between where they began and what steps`() throws {
        // One step of z alone: y = (1−β₁)z + β₁z, since the average is z after the first step.
        let optimizer = try Optimizer.scheduleFreeAdamW(learningRate: 0.5, epsilon: 0)
        let end = try OptimizerTests.run(optimizer, start: [1, -2], gradients: [[3, -3]])
        #expect(abs(end[0] - 0.5) < 1e-6 && abs(end[1] + 1.5) < 1e-6, "\(end)")
    }

    @Test func `factories refuse what is out of range and tell the range`() throws {
        var muon = Muon()
        muon.steps = 101
        #expect(
            failure { _ = try Optimizer.muon(muon) } == "muon: 'ns_steps' must be a whole number of 1 to 100, got 101")
        muon = Muon()
        muon.rmsRate = -1
        #expect(
            failure { _ = try Optimizer.muon(muon) }
                == "muon: 'rms_rate' must be a finite number of 0 or more, got -1.0")
        #expect(
            failure { _ = try Optimizer.lion(beta1: 0) }
                == "lion: 'beta_1' must be a number above 0 and at most 1, got 0.0")
        #expect(
            failure { _ = try Optimizer.scheduleFreeAdamW(beta1: 1) }
                == "schedule_free_adamw: 'beta_1' must be a number above 0 and below 1, got 1.0")
        #expect(
            failure { _ = try Optimizer.scheduleFreeAdamW(warmupSteps: -1) }
                == "schedule_free_adamw: 'warmup_steps' must be a whole number of 0 or more, got -1")
        #expect(
            failure { _ = try Optimizer.adafactor(beta2Decay: 0.1) }
                == "adafactor: 'beta_2_decay' must be a finite number of 0 or less, got 0.1")
        #expect(
            failure { _ = try Optimizer.ftrl(Ftrl(learningRatePower: 0.5)) }
                == "ftrl: 'learning_rate_power' must be a finite number of 0 or less, got 0.5")
    }
}
