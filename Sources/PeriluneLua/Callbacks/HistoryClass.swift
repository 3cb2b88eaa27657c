internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// What a fit recorded, as scripts see it.
enum HistoryClass {
    static let binding = ClassBinding(
        "history", HistoryRecorder.self,
        help: """
            What a fit recorded: a list for each metric, history.loss, history.val_accuracy, …, one number an epoch.
            #history is the number of epochs; pairs(history) goes through the metrics.
            """,
        properties: [
            Property("epoch", of: HistoryRecorder.self, .list(.integer), help: "The epochs, from 1.") {
                recorder, state in
                .table(state.makeTable(recorder.history.epochs.map { .integer($0) }))
            },
            Property("names", of: HistoryRecorder.self, .list(.string), help: "The names of the metrics.") {
                recorder, state in
                .table(state.makeTable(recorder.history.names.map { .string($0) }))
            },
            Property(
                "end_reason", of: HistoryRecorder.self, .endReason,
                help: "Why the fit ended: finished, stopped, interrupted or failed."
            ) { recorder, _ in recorder.history.endReason.map { .string($0.rawValue) } ?? .nil },
            Property(
                "stop_reason", of: HistoryRecorder.self, .string, help: "What the stopping callback gave as its reason."
            ) {
                recorder, _ in recorder.history.stopReason.map { .string($0) } ?? .nil
            },
            Property("history", of: HistoryRecorder.self, .host("history"), help: "Itself, as Keras has it.") {
                recorder, _ in
                .object(recorder)
            },
            Property(
                "validations", of: HistoryRecorder.self, .list(.table),
                help: "Every validation in order, within epochs too: epoch, step and its metrics."
            ) { recorder, state in
                .table(
                    state.makeTable(
                        recorder.history.validations.map { validation in
                            let table = state.makeTable([
                                "epoch": .integer(validation.epoch), "step": .integer(validation.step),
                            ])
                            for (name, value) in zip(validation.names, validation.values) {
                                table[name] = .number(value)
                            }
                            return .table(table)
                        }))
            },
        ],
        operators: [
            .length: { call in [.integer(call.object(1, as: HistoryRecorder.self)?.history.epochs.count ?? 0)] },
            .toString: { call in
                guard let recorder = call.object(1, as: HistoryRecorder.self) else { return ["history"] }
                return [.string(text(recorder.history))]
            },
            .pairs: { call in
                guard let recorder = call.object(1, as: HistoryRecorder.self) else { return [] }
                let history = recorder.history
                var rest = history.names[...]
                let next = call.state.makeFunction { step in
                    guard let name = rest.popFirst() else { return [.nil] }
                    return [.string(name), column(history, name, step.state) ?? .nil]
                }
                return [.function(next), .object(recorder), .nil]
            },
        ],
        index: { object, key, state in
            guard let recorder = object as? HistoryRecorder, let name = key.string else { return nil }
            return column(recorder.history, name, state)
        }, indexTypes: (.string, .list(.number(.all))),
        fieldNames: { ($0 as? HistoryRecorder)?.history.names ?? [] })

    private static func column(_ history: History, _ name: String, _ state: LuaState) -> LuaValue? {
        history[name].map { .table(state.makeTable($0.map { .number($0) })) }
    }

    private static func text(_ history: History) -> String {
        let last = history.names.filter { !hidden.contains($0) }.compactMap { name in
            history.last(name).map { "\(name) \(LuaValue.text(of: $0))" }
        }
        return "history: \(history.epochs.count) epochs\(RunEnding.text(history.endReason, history.stopReason))"
            + (last.isEmpty ? "" : "; last: " + last.joined(separator: ", "))
    }

    private static let hidden: Set = ["step", "epoch_seconds", "samples_per_second"]
}

extension ParameterType {
    static var endReason: Self { .enumeration(EndReason.allCases.map(\.rawValue)) }
}
