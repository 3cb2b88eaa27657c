extension Rollback {
    /// A state in memory.
    struct Snapshot {
        /// What `Run.captureMemory` gave.
        var memory: StateValue
        /// The states of callbacks that average the weights, in order.
        var averages: [StateValue]
        /// The update after which it was.
        var step: Int

        init(of run: Run) throws {
            memory = try run.captureMemory()
            averages = try Self.averagers(run).map { try $0.savedState }
            step = run.step
        }

        func restore(in run: Run) throws {
            try run.restoreMemory(memory)
            for (averager, state) in zip(Self.averagers(run), averages) { try averager.restore(state, in: run) }
        }

        private static func averagers(_ run: Run) -> [any WeightAverager] {
            run.roles.compactMap(\.averager)
        }
    }

    public var report: [String: StateValue] {
        [
            "times": .integer(returns.count), "max_times": .integer(options.maxTimes),
            "mean": mean.weight > 0 ? .number(mean.value) : .null, "returns": .list(returns.map(\.state)),
        ]
    }

    public var savedState: StateValue {
        [
            "good": good?.state ?? .null, "candidate": candidate?.state ?? .null,
            "mean": ["sum": .number(mean.sum), "weight": .number(mean.weight), "count": .integer(mean.count)],
            "returns": .list(returns.map(\.state)), "skips_left": .integer(skipsLeft),
            "last_epoch": .integer(lastEpoch),
        ]
    }

    public func restore(_ state: StateValue, in run: Run) {
        good = Snapshot(state["good"])
        candidate = Snapshot(state["candidate"])
        mean = RunningMean(
            sum: state["mean"]?["sum"]?.number ?? 0, weight: state["mean"]?["weight"]?.number ?? 0,
            count: state["mean"]?["count"]?.count ?? 0)
        returns = (state["returns"]?.list ?? []).compactMap { Return($0) }
        skipsLeft = state["skips_left"]?.count ?? 0
        lastEpoch = state["last_epoch"]?.count ?? run.epoch
    }
}

extension Rollback.Snapshot {
    var state: StateValue { ["memory": memory, "averages": .list(averages), "step": .integer(step)] }

    init?(_ state: StateValue?) {
        guard let state, let memory = state["memory"], let step = state["step"]?.count else { return nil }
        (self.memory, self.step) = (memory, step)
        averages = state["averages"]?.list ?? []
    }
}

extension Rollback.Return {
    var state: StateValue {
        ["epoch": .integer(epoch), "batch": .integer(batch), "value": .number(value), "step": .integer(step)]
    }

    init?(_ state: StateValue) {
        guard let epoch = state["epoch"]?.count, let batch = state["batch"]?.count,
            let value = state["value"]?.number, let step = state["step"]?.count
        else { return nil }
        self.init(epoch: epoch, batch: batch, value: value, step: step)
    }
}
