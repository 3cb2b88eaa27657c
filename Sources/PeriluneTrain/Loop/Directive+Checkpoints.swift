// What directives say of checkpoints.
extension Directive {
    static func paths(_ key: String, _ value: DirectiveValue) throws(DirectiveError) -> [String] {
        guard case .string(let path) = value, !path.isEmpty else {
            throw DirectiveError(
                key: key, "'\(key)' must be the path of a file or folder to write to, got \(value.description)")
        }
        return [path]
    }

    /// `"best"`, `"last"`, a path, the number of an epoch, or `{ from = …, weights_only = true }`.
    static func restore(from value: DirectiveValue) throws(DirectiveError) -> Restore? {
        switch value {
        case .string("best"): return Restore(.best)
        case .string("last"): return Restore(.last)
        case .string(let path) where !path.isEmpty: return Restore(.path(path))
        case .number(let number):
            guard let epoch = Int(exactly: number), epoch >= 1 else {
                throw DirectiveError(key: "restore", "'restore' takes the number of an epoch, from 1, got \(number)")
            }
            return Restore(.epoch(epoch))
        case .table(let entries):
            var (result, weightsOnly): (Restore?, Bool) = (nil, false)
            for entry in entries {
                switch (entry.key, entry.value) {
                case ("from", let source): result = try restore(from: source)
                case ("weights_only", .boolean(let only)): weightsOnly = only
                case _:
                    throw DirectiveError(
                        key: "restore", "'restore' takes { from = …, weights_only = true }, got \(entry.key)")
                }
            }
            guard var result else { throw DirectiveError(key: "restore", "'restore' needs 'from'") }
            result.weightsOnly = weightsOnly
            return result
        case .string, .boolean, .other:
            throw DirectiveError(
                key: "restore",
                "'restore' must be \"best\", \"last\", a path or the number of an epoch, got \(value.description)")
        }
    }

    /// Checkpoints are written between batches and between epochs of a fit.
    func checkCheckpoints(at event: Event, in run: Run) throws(DirectiveError) {
        guard !save.isEmpty || restore != nil else { return }
        let key = save.isEmpty ? "restore" : "save"
        guard run.isTraining else {
            throw DirectiveError(key: key, "'\(key)' belongs to fit; this run does not train")
        }
        guard event.traits.takesCheckpoints else {
            let hint = key == "save" ? "; model:save_weights(path) writes the weights at any time" : ""
            throw DirectiveError(key: key, "'\(key)' cannot be returned from \(event)\(hint)")
        }
    }
}
