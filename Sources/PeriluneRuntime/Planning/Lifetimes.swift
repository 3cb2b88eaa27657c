internal import PeriluneGraph

/// When the buffers of a plan hold something that is needed, and which of them share a place because a step turns one
/// into the other element by element.
struct Lifetimes<Device: Backend> {
    /// By buffer: from the first to the last step that touches it; nil for those that no step touches, or that need no
    /// room in the arena.
    private var lives: [ClosedRange<Int>?]
    /// By buffer: the one whose place it takes over, or itself.
    private var places: [Int]
    private let buffers: [Buffer]

    init(_ steps: [Plan<Device>.Step], _ buffers: [Buffer]) {
        self.buffers = buffers
        lives = Array(repeating: nil, count: buffers.count)
        places = Array(buffers.indices)
        for (index, step) in steps.enumerated() {
            for buffer in step.reads + step.writes {
                let end: Int
                switch buffers[buffer.index].home {
                case .arena: end = index
                case .output: end = steps.count
                case .variable, .input, .hyperparameter, .result, .literal: continue
                }
                lives[buffer.index] = (lives[buffer.index]?.lowerBound ?? index)...end
            }
        }
        for (index, step) in steps.enumerated() {
            for written in step.writes { takeOver(by: written, in: step, at: index) }
        }
    }

    /// Lets what a step writes begin where an operand ends. That saves memory, and the way of the new elements to the
    /// processor's caches: the old ones are there.
    private mutating func takeOver(by written: BufferID, in step: Plan<Device>.Step, at index: Int) {
        guard let life = lives[written.index], life.lowerBound == index, !step.reads.contains(written) else { return }
        let ending = step.reads.first { read in
            // What has been taken over lives on in the place it had.
            lives[read.index]?.upperBound == index && lives[places[read.index]]?.upperBound == index
                && buffers[read.index].home == .arena
                && buffers[read.index].contents == buffers[written.index].contents
                && step.kernel.readsElementwise(read, of: step.reads)
                && !step.writes.contains { places[$0.index] == places[read.index] }
        }
        guard let ending, let place = lives[places[ending.index]] else { return }
        places[written.index] = places[ending.index]
        lives[places[ending.index]] = place.lowerBound...life.upperBound
    }

    /// What wants a place in the arena: a request for all buffers that share one.
    var requests: [MemoryPlan.Request] {
        buffers.indices.compactMap { index in
            guard places[index] == index, let life = lives[index] else { return nil }
            return MemoryPlan.Request(
                buffer: BufferID(index: index), byteCount: buffers[index].byteCount, first: life.lowerBound,
                last: life.upperBound)
        }
    }

    /// - Parameter offsets: where what `requests` asked for has been placed.
    /// - Returns: where each buffer begins.
    func offsets(_ offsets: [BufferID: Int]) -> [BufferID: Int] {
        var all = offsets
        for index in buffers.indices where places[index] != index {
            all[BufferID(index: index)] = offsets[BufferID(index: places[index])]
        }
        return all
    }
}

extension BackendKernel {
    /// Whether a step with these operands reads each element of `buffer` just before it writes the same one, so that it
    /// may write there.
    func readsElementwise(_ buffer: BufferID, of reads: [BufferID]) -> Bool {
        reads.indices.allSatisfy { reads[$0] != buffer || readsElementwise($0) }
    }
}
