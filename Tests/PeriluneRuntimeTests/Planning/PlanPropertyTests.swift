import PeriluneGraph
import PeriluneTestSupport
import Testing

@testable import PeriluneRuntime

/// What holds for every plan, on random graphs.
@Suite struct PlanPropertyTests {
    static let seeds = 0..<400

    /// When a buffer of the arena holds something that is still needed: from its first writer to its last reader, to
    /// the end where the caller reads it.
    private func lives(_ plan: Plan<CPU>) -> [BufferID: ClosedRange<Int>] {
        var lives: [BufferID: ClosedRange<Int>] = [:]
        for (index, step) in plan.steps.enumerated() {
            for buffer in step.reads + step.writes {
                lives[buffer] = (lives[buffer]?.lowerBound ?? index)...index
            }
        }
        for (buffer, life) in lives where plan.buffers[buffer.index].home == .output {
            lives[buffer] = life.lowerBound...plan.steps.count
        }
        return lives
    }

    /// Whether one of the buffers ends in the step that makes the other of it element by element, in the same place.
    private func isTakenOver(_ buffer: BufferID, by other: BufferID, _ plan: Plan<CPU>) -> Bool {
        let lives = lives(plan)
        guard let life = lives[buffer], let otherLife = lives[other], life.upperBound == otherLife.lowerBound,
            plan.steps.indices.contains(life.upperBound), plan.offsets[buffer] == plan.offsets[other]
        else { return false }
        let step = plan.steps[life.upperBound]
        return plan.buffers[buffer.index].contents == plan.buffers[other.index].contents
            && step.reads.contains(buffer) && step.writes.contains(other) && !step.reads.contains(other)
            && step.reads.indices.allSatisfy { step.reads[$0] != buffer || step.kernel.readsElementwise($0) }
    }

    @Test(arguments: seeds) func noTwoLiveBuffersOverlap(seed: Int) throws {
        let random = try RandomGraph(seed: UInt64(seed))
        let plan = try Program(random.graph, variables: random.store).plan
        let lives = lives(plan)
        let placed = plan.offsets.sorted { $0.key.index < $1.key.index }
        for (position, (buffer, offset)) in placed.enumerated() {
            let end = offset + plan.buffers[buffer.index].byteCount
            #expect(offset >= 0 && offset % 64 == 0 && end <= plan.scratchOffset)
            for (other, otherOffset) in placed[(position + 1)...] {
                let otherEnd = otherOffset + plan.buffers[other.index].byteCount
                guard let life = lives[buffer], let otherLife = lives[other], life.overlaps(otherLife) else { continue }
                if isTakenOver(buffer, by: other, plan) || isTakenOver(other, by: buffer, plan) { continue }
                #expect(
                    end <= otherOffset || otherEnd <= offset,
                    "seed \(seed): buffers \(buffer.index) and \(other.index) live together in one place")
            }
        }
        for (buffer, _) in lives {
            switch plan.buffers[buffer.index].home {
            case .arena, .output: #expect(plan.offsets[buffer] != nil, "buffer \(buffer.index) has no place")
            case .variable, .input, .hyperparameter, .result, .literal: #expect(plan.offsets[buffer] == nil)
            }
        }
    }

    @Test(arguments: seeds) func everyBufferIsWrittenBeforeItIsRead(seed: Int) throws {
        let random = try RandomGraph(seed: UInt64(seed))
        let plan = try Program(random.graph, variables: random.store).plan
        var written: Set<BufferID> = []
        let writers = plan.steps.flatMap(\.writes).reduce(into: [BufferID: Int]()) { $0[$1, default: 0] += 1 }
        var writes: [BufferID: Int] = [:]
        for step in plan.steps {
            for buffer in step.reads {
                switch plan.buffers[buffer.index].home {
                case .arena, .output:
                    #expect(written.contains(buffer) && writes[buffer] == writers[buffer], "seed \(seed)")
                case .variable, .input, .hyperparameter, .result, .literal: break
                }
            }
            for buffer in step.writes { writes[buffer, default: 0] += 1 }
            written.formUnion(step.writes)
        }
    }

    @Test(arguments: seeds) func everyValueIsTheNaiveOne(seed: Int) throws {
        let random = try RandomGraph(seed: UInt64(seed))
        let reference = ReferenceEvaluator(random.graph, inputs: random.inputs, variables: random.variables)
        let program = try Program(random.graph, variables: random.store, threads: seed % 2 + 1)
        var context = try ExecutionContext(program, variables: random.store)
        // Twice: the second run finds the memory as the first one left it.
        for _ in 0...1 {
            for (id, value) in random.variables { try random.store.write(value, to: id) }
            try context.run(inputs: random.inputs)
            for (index, output) in random.graph.outputs.enumerated() {
                #expect(
                    context.tensor(index).floats.map(Double.init) == reference[output.value].elements,
                    "seed \(seed): output \(output.name)")
            }
            let updated = Dictionary(uniqueKeysWithValues: random.graph.updates.map { ($0.variable, $0.value) })
            for (id, old) in random.variables {
                let expected = updated[id].map { reference[$0].elements } ?? old.floats.map(Double.init)
                #expect(random.store.read(id).floats.map(Double.init) == expected, "seed \(seed): variable \(id.index)")
            }
        }
    }

    @Test func theGraphsHaveAllThatIsHard() throws {
        var families: Set<String> = []
        var (updates, steps, reused, takenOver) = (0, 0, 0, 0)
        for seed in Self.seeds {
            let random = try RandomGraph(seed: UInt64(seed))
            for id in random.graph.liveNodes {
                let label = random.graph[id].op.label
                families.insert(String(label.prefix { $0 != " " }))
            }
            updates += random.graph.updates.count
            let plan = try Program(random.graph, variables: random.store).plan
            steps += plan.steps.count
            let bytes = plan.offsets.keys.reduce(0) { $0 + plan.buffers[$1.index].byteCount }
            if bytes > plan.scratchOffset { reused += 1 }
            for step in plan.steps {
                takenOver += step.reads.count { read in
                    step.writes.contains { isTakenOver(read, by: $0, plan) }
                }
            }
        }
        let wanted: Set = [
            "matmul", "convolution", "pooling", "poolingGradient", "gather", "oneHot", "reduce", "transpose", "slice",
            "pad", "concatenate", "broadcast", "reshape", "select", "variable", "literal", "cast", "stopGradient",
        ]
        #expect(families.isSuperset(of: wanted), "missing: \(wanted.subtracting(families))")
        let counts: Comment = "\(updates) \(steps) \(reused) \(takenOver)"
        #expect(updates > 100 && steps > 2000 && reused > 100 && takenOver > 100, counts)
    }
}
