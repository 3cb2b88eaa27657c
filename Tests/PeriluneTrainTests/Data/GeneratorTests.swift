import Glibc
import PeriluneGraph
import Synchronization
import Testing

@testable import PeriluneData

@Suite struct GeneratorTests {
    /// Counts how often the factory is called.
    final class Counter: Sendable {
        let value = Mutex(0)
        var count: Int { value.withLock { $0 } }
    }

    /// Examples 0, 1, … as [i]; the label is i % 3.
    private func examples(_ count: Int, counter: Counter = Counter()) -> Dataset {
        .generator(yields: .examples) {
            counter.value.withLock { $0 += 1 }
            var next = 0
            return {
                guard next < count else { return nil }
                defer { next += 1 }
                return GeneratedExamples(
                    Tensor([Float(next)], shape: [1]), Tensor([Int32(next % 3)], shape: []))
            }
        }
    }

    private func batches(_ tensors: [Tensor]) -> Dataset {
        .generator {
            var next = tensors.makeIterator()
            return { next.next().map { GeneratedExamples($0) } }
        }
    }

    private func epoch(_ batcher: Batcher, _ epoch: Int, from batch: Int = 1) throws -> [[Float]]? {
        guard try batcher.startEpoch(epoch, atBatch: batch) else { return nil }
        var result: [[Float]] = []
        while let batch = try batcher.next() { result.append(batch.inputTensor().floats) }
        return result
    }

    @Test func everyEpochHasItsOwnIterator() throws {
        let counter = Counter()
        let batcher = try Batcher(examples(5, counter: counter), options: .init(batchSize: 2))
        #expect(batcher.layout.inputs[0].spec == TensorSpec([1]))
        #expect(batcher.layout.targets[0].spec == TensorSpec(.scalar, .int32))
        for number in 1...3 { #expect(try epoch(batcher, number) == [[0, 1], [2, 3], [4]]) }
        // The example that was looked at for the layout is the first of the first epoch.
        #expect(counter.count == 3)
        #expect(batcher.exhaustion == nil)
    }

    @Test func batchesAreTakenAsTheyAre() throws {
        let data = batches([floats([1, 2], shape: [2, 1]), floats([3, 4, 5], shape: [3, 1])])
        #expect(data.count == nil)
        let batcher = try Batcher(data, options: .init(batchSize: 32))
        #expect(try epoch(batcher, 1) == [[1, 2], [3, 4, 5]])
    }

    @Test func fixedStepsRunOnAndThenEndOnce() throws {
        let counter = Counter()
        let batcher = try Batcher(examples(5, counter: counter), options: .init(batchSize: 1, stepsPerEpoch: 2))
        #expect(try epoch(batcher, 1) == [[0], [1]])
        #expect(try epoch(batcher, 2) == [[2], [3]])
        #expect(batcher.exhaustion == nil)
        #expect(try epoch(batcher, 3) == [[4]])
        #expect(
            batcher.exhaustion
                == "the generator ran out of data in epoch 3, after 1 of 2 batches, so training ends with this epoch")
        #expect(try epoch(batcher, 4) == nil)
        #expect(counter.count == 1)
    }

    @Test func runningDryBetweenEpochs() throws {
        let batcher = try Batcher(examples(4), options: .init(batchSize: 1, stepsPerEpoch: 2))
        #expect(try epoch(batcher, 1)?.count == 2)
        #expect(try epoch(batcher, 2)?.count == 2)
        #expect(try epoch(batcher, 3) == nil)
        #expect(batcher.exhaustion == "the generator ran out of data after epoch 2, so training ends here")
    }

    @Test func anIteratorThatDoesNotStartAnew() throws {
        let shared = Counter()
        let data = Dataset.generator(layout: DataLayout(inputs: [DataField(name: "x", spec: TensorSpec(.scalar))])) {
            {
                let next = shared.value.withLock { value in
                    value += 1
                    return value
                }
                return next > 3 ? nil : GeneratedExamples(Tensor([Float(next)], shape: [1]))
            }
        }
        let batcher = try Batcher(data)
        #expect(try epoch(batcher, 1) == [[1], [2], [3]])
        #expect(try epoch(batcher, 2) == nil)
        #expect(
            batcher.exhaustion
                == "the generator gave nothing in epoch 2, so training ends here; it must start anew each time it is "
                + "asked for an iterator")
    }

    @Test func resuming() throws {
        let fixed = Batcher.Options(batchSize: 2, stepsPerEpoch: 3)
        #expect(try epoch(Batcher(examples(100), options: fixed), 2, from: 2) == [[8, 9], [10, 11]])
        let batcher = try Batcher(examples(100), options: fixed)
        #expect(try epoch(batcher, 1)?.first == [0, 1])
        #expect(try epoch(batcher, 3)?.first == [12, 13])
        #expect(try epoch(batcher, 1)?.first == [0, 1])
        #expect(try epoch(Batcher(examples(5), options: .init(batchSize: 2)), 4, from: 2) == [[2, 3], [4]])
    }

    @Test func faultsNameThePlace() throws {
        expectError("generator: the generator gives no examples") { _ = try Batcher(examples(0)) }
        func expectFault(_ text: String, _ second: GeneratedExamples, rules: FieldRules = FieldRules()) throws {
            let first = GeneratedExamples(
                floats([1, 2, 3, 4], shape: [2, 2]), Tensor([0, 1] as [Int32], shape: [2]))
            let data = Dataset.generator {
                var next = [first, second].makeIterator()
                return { next.next() }
            }
            let batcher = try Batcher(data, rules: { _ in rules })
            #expect(try batcher.startEpoch(1))
            _ = try batcher.next()
            expectError("generator: \(text)") { _ = try batcher.next() }
        }
        let labels = Tensor([0, 1] as [Int32], shape: [2])
        let x = floats([1, 2, 3, 4], shape: [2, 2])
        try expectFault(
            "x has the shape [2, 3] where [2, 2] is expected (epoch 1, batch 2)",
            GeneratedExamples(Tensor(repeating: 0, shape: [2, 3]), labels))
        try expectFault(
            "y has the shape [2] where [3] is expected (epoch 1, batch 2)",
            GeneratedExamples(Tensor(repeating: 0, shape: [3, 2]), labels))
        try expectFault(
            "column 'x[2]': nan is not finite (epoch 1, batch 2, example 2)",
            GeneratedExamples(floats([1, 2, 3, .nan], shape: [2, 2]), labels))
        try expectFault(
            "column 'y': label 9 is out of range; there are 2 classes, 0...1 (epoch 1, batch 2, example 1)",
            GeneratedExamples(x, Tensor([9, 1] as [Int32], shape: [2])), rules: FieldRules(targets: [.classes(2)]))
        try expectFault(
            "gives 1 inputs and 0 targets where 1 and 1 are expected (epoch 1, batch 2)", GeneratedExamples(x))
        try expectFault(
            "gives sample weights with some examples only (epoch 1, batch 2)",
            GeneratedExamples(x, labels, sampleWeights: floats([1, 1], shape: [2])))
        try expectFault(
            "y is float32 where int32 is expected (epoch 1, batch 2)", GeneratedExamples(x, floats([0, 1], shape: [2])))
        try expectFault(
            "gives a batch without examples (epoch 1, batch 2)",
            GeneratedExamples(Tensor([Float](), shape: [0, 2]), Tensor([Int32](), shape: [0])))
    }

    @Test func whatTheGeneratorThrowsComesOut() throws {
        struct Broken: Error {}
        let batcher = try Batcher(
            .generator(layout: DataLayout(inputs: [DataField(name: "x", spec: TensorSpec(.scalar))])) {
                { throw Broken() }
            })
        #expect(throws: Broken.self) { _ = try batcher.startEpoch(1) }
    }

    @Test func aLocalGeneratorStaysOnItsThread() throws {
        final class Box: Sendable {
            let data: Dataset
            let message = Mutex("")
            init(_ data: Dataset) { self.data = data }
        }
        let box = Box(.localGenerator { { GeneratedExamples(floats([1], shape: [1])) } })
        let here = try Batcher(box.data, options: .init(stepsPerEpoch: 1))
        #expect(try epoch(here, 1) == [[1]])
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(box).toOpaque()
        pthread_create(
            &thread, nil,
            { argument in
                let box = Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue()
                do { _ = try Batcher(box.data) } catch { box.message.withLock { $0 = "\(error)" } }
                return nil
            }, argument)
        pthread_join(thread, nil)
        #expect(
            box.message.withLock { $0 } == "the generator belongs to another thread than the one that takes batches")
    }

    @Test func viewsNeedMemory() {
        let data = examples(3)
        expectError("split needs a data set in memory; this one is a generator") { _ = try data.split(0.5) }
        expectError("shuffle needs a data set in memory; this one is a generator") { _ = try data.shuffled(seed: 1) }
        expectError("class_weight needs a data set in memory; this one is a generator") {
            _ = try data.classWeighted([0: 1])
        }
    }

    @Test(arguments: [GeneratorYield.examples, .batches])
    func `an iterator is not asked again after its end`(yields: GeneratorYield) throws {
        let data = Dataset.localGenerator(yields: yields) {
            var asked = 0
            return {
                asked += 1
                #expect(asked <= 4)
                let value = Tensor([Float(asked)], shape: yields == .examples ? [1] : [1, 1])
                return asked <= 3 ? GeneratedExamples(value) : nil
            }
        }
        let batcher = try Batcher(data, options: .init(batchSize: 2))
        for number in 1...2 { #expect(try epoch(batcher, number)?.flatMap { $0 } == [1, 2, 3]) }
    }

    @Test func `a run may go on after the last batch of an epoch`() throws {
        for number in 1...2 {
            let batcher = try Batcher(batches([floats([1], shape: [1, 1]), floats([2], shape: [1, 1])]))
            #expect(try epoch(batcher, number, from: 3) == [])
            #expect(batcher.exhaustion == nil)
            #expect(try epoch(batcher, number + 1) == [[1], [2]])
        }
    }
}
