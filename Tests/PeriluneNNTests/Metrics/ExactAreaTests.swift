import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

/// Areas and operating points from all scores, against sums over all pairs and over all thresholds.
struct ExactAreaTests {
    /// What a metric is given, as plain numbers.
    struct Example {
        var score: Float
        var isPositive: Bool
        var weight: Float = 1
    }

    /// Scores that tie often, on a grid of `steps`, and weights of which some are 0.
    static func examples(_ count: Int, steps: Float, weighted: Bool, seed: Int) -> [Example] {
        let numbers = testTensor([count, 3], seed: seed, in: 0...1).floats
        return (0..<count).map { index in
            let (a, b, c) = (numbers[3 * index], numbers[3 * index + 1], numbers[3 * index + 2])
            let weight: Float = weighted ? (c < 0.2 ? 0 : (c * 8).rounded() / 4) : 1
            return Example(score: (a * steps).rounded() / steps, isPositive: b < 0.2 + 0.5 * a, weight: weight)
        }
    }

    /// The value as a run has it: the statistics of batches of these sizes, one after the other.
    static func value(_ metric: any Metric, _ examples: [Example], batch: Int? = nil) throws -> Double {
        #expect(metric.keepsExamples)
        var kept: [Float] = []
        for start in stride(from: 0, to: examples.count, by: batch ?? examples.count) {
            let part = examples[start..<min(examples.count, start + (batch ?? examples.count))]
            let columns = [part.map { $0.isPositive ? 1 : 0 }, part.map(\.score), part.map(\.weight)]
            kept += try evaluate(columns.map { Tensor($0, shape: [$0.count]) }) { _, x in
                [try metric.statistics(x[0], x[1], sampleWeight: x[2])]
            }[0].floats
        }
        return metric.result(examples: kept[...])
    }

    /// The share of pairs in the right order, ties by half.
    static func pairs(_ examples: [Example]) -> Double {
        var (right, all) = (0.0, 0.0)
        for a in examples where a.isPositive {
            for b in examples where !b.isPositive {
                let weight = Double(a.weight) * Double(b.weight)
                all += weight
                right += a.score > b.score ? weight : a.score == b.score ? weight / 2 : 0
            }
        }
        return right / all
    }

    /// Precision over recall, with true and false positives growing evenly between neighbouring scores, summed up in
    /// small steps.
    static func precisionRecall(_ examples: [Example]) -> Double {
        var (area, tp, fp) = (0.0, 0.0, 0.0)
        let positives = examples.filter(\.isPositive).reduce(0) { $0 + Double($1.weight) }
        for score in Set(examples.map(\.score)).sorted(by: >) {
            let same = examples.filter { $0.score == score }
            let gained = same.filter(\.isPositive).reduce(0) { $0 + Double($1.weight) }
            let lost = same.filter { !$0.isPositive }.reduce(0) { $0 + Double($1.weight) }
            let steps = 2000
            for step in 0..<steps where gained > 0 {
                let share = (Double(step) + 0.5) / Double(steps)
                let (t, f) = (tp + share * gained, fp + share * lost)
                area += t / (t + f) * gained / Double(steps) / positives
            }
            (tp, fp) = (tp + gained, fp + lost)
        }
        return area
    }

    @Test(arguments: [false, true], [3, 50, 1e6] as [Float])
    func `the area is the share of pairs in the right order`(weighted: Bool, steps: Float) throws {
        for seed in 1...5 {
            let examples = Self.examples(90, steps: steps, weighted: weighted, seed: seed)
            let value = try Self.value(AUC(), examples)
            #expect(abs(value - Self.pairs(examples)) < 1e-12, "seed \(seed)")
        }
    }

    @Test(arguments: [false, true], [3, 50, 1e6] as [Float])
    func `the area under precision over recall is its integral`(weighted: Bool, steps: Float) throws {
        let examples = Self.examples(80, steps: steps, weighted: weighted, seed: 9)
        let value = try Self.value(AUC(curve: .precisionRecall), examples)
        #expect(abs(value - Self.precisionRecall(examples)) < 1e-5)
    }

    @Test(arguments: AUC.Curve.allCases) func `Keras's thresholds come to it as they grow in number`(
        curve: AUC.Curve
    ) throws {
        let data = MetricFixture.data("binary")
        let examples = zip(data.truth.integers, data.prediction.floats).map {
            Example(score: $1, isPositive: $0 != 0)
        }
        let many = try MetricFixture.result(AUC(curve: curve, thresholdCount: 50_000), data, weighted: false)
        #expect(abs(try Self.value(AUC(curve: curve), examples) - many) < 1e-6)
    }

    @Test func `scores of any sign and size are in their order, and both zeros are one`() throws {
        let scores: [Float] = [
            -.infinity, -.greatestFiniteMagnitude, -2, -Float.leastNonzeroMagnitude, -0.0, 0,
            Float.leastNonzeroMagnitude, 1, 3e38, .infinity,
        ]
        for split in 0...scores.count {
            let examples = scores.enumerated().map { Example(score: $1, isPositive: $0 >= split) }
            let expected = Self.pairs(examples)
            let value = try Self.value(AUC(), examples.reversed())
            #expect(value == expected || value.isNaN && expected.isNaN, "split \(split)")
        }
    }

    @Test func `scores that lie close together are told apart`() throws {
        let examples = (0..<20).map { Example(score: Float($0) * 1e-9, isPositive: $0 >= 10) }
        #expect(try Self.value(AUC(), examples) == 1)
        #expect(try Self.value(AUC(curve: .precisionRecall), examples) == 1)
        for metric in [
            PrecisionAtRecall(0.9), RecallAtPrecision(0.9), SensitivityAtSpecificity(0.9),
            SpecificityAtSensitivity(0.9),
        ] as [any ThresholdMetric] { #expect(try Self.value(metric, examples) == 1, "\(metric.name)") }
    }

    @Test func `batches, order and examples without weight make no difference, to the last bit`() throws {
        let examples = Self.examples(101, steps: 20, weighted: true, seed: 4)
        let metrics: [any Metric] = [AUC(), AUC(curve: .precisionRecall), PrecisionAtRecall(0.5)]
        for metric in metrics {
            let whole = try Self.value(metric, examples)
            for batch in [1, 7, 32] { #expect(try Self.value(metric, examples, batch: batch) == whole) }
            #expect(try Self.value(metric, examples.reversed()) == whole)
            #expect(try Self.value(metric, examples.filter { $0.weight != 0 }) == whole)
        }
    }

    @Test func `one class has no area, and a NaN gives NaN`() throws {
        func value(_ metric: any Metric, _ isPositive: [Bool], _ scores: [Float]) throws -> Double {
            try Self.value(metric, zip(scores, isPositive).map { Example(score: $0, isPositive: $1) })
        }
        #expect(try value(AUC(), [true, true], [0.1, 0.2]).isNaN)
        #expect(try value(AUC(), [false, false], [0.1, 0.2]).isNaN)
        #expect(try value(AUC(curve: .precisionRecall), [false, false], [0.1, 0.2]).isNaN)
        #expect(try value(AUC(curve: .precisionRecall), [true, true], [0.1, 0.2]) == 1)
        #expect(try value(RecallAtPrecision(0.5), [false, false], [0.1, 0.2]).isNaN)
        #expect(try value(SpecificityAtSensitivity(0.5), [true, true], [0.1, 0.2]).isNaN)
        for metric in [AUC(), AUC(curve: .precisionRecall), PrecisionAtRecall(0.5)] as [any Metric] {
            #expect(try value(metric, [true, false, true], [0.1, .nan, 0.3]).isNaN)
        }
        // As Keras has it.
        #expect(AUC(thresholdCount: 3).result([2, 1, 0, 0, 0, 0, 2, 0]) == 0)
    }
}
