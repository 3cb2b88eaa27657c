import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneRuntime

// What a checkpoint keeps of a trainer: everything that the next step depends on.
extension Trainer {
    /// Weights, the optimizer's memory, counters, and which layers train. Copies everything, to `memory` where it is
    /// given.
    func captureState(in memory: CopyMemory? = nil) throws -> StateValue {
        func copy(_ id: VariableID) -> StateValue {
            .tensor(memory?.read(id, of: state.store) ?? state.store.read(id))
        }
        let entries = model.variables.entries
        var slotTensors: [String: StateValue] = [:]
        var gradientTensors: [String: StateValue] = [:]
        for variable in entries {
            if let known = slots[variable.id] {
                slotTensors[variable.path] = .record(known.mapValues(copy))
            }
            if let sum = gradients[variable.id] { gradientTensors[variable.path] = copy(sum) }
        }
        return [
            "weights": .record(
                Dictionary(entries.map { ($0.path, copy($0.id)) }, uniquingKeysWith: { first, _ in first })),
            "model": .init(signature), "slots": .record(slotTensors), "gradients": .record(gradientTensors),
            "optimizer": .text(optimizer.name), "settings": optimizer.settings.stateValue,
            "step": .integer(step), "last_learning_rate": lastLearningRate.map { .number($0) } ?? .null,
            "batches": .integer(Int(batchCounter)),
            "seed": .integer(Int(bitPattern: UInt(seed))), "fits": .integer(fitCount),
            "trainable": .list(allLayers.map { .boolean($0.isTrainable) }),
            "vocabularies": trainedLayout.map(Self.vocabularies) ?? .null,
        ]
    }

    /// Layers and weights in order, in words: two models that differ, differ here.
    var signature: [String] {
        allLayers.map { "layer '\($0.name)' (\(type(of: $0).kind))" }
            + model.variables.entries.map { "weight '\($0.path)' \($0.spec)" }
    }

    /// - Throws: `CheckpointError.mismatch` that names the first difference; nothing has changed then.
    func check(_ saved: StateValue, path: String) throws {
        let theirs = saved["model"]?.texts ?? []
        let ours = signature
        for (index, their) in theirs.enumerated() where index >= ours.count || ours[index] != their {
            let our = index < ours.count ? "the model has \(ours[index]) there" : "the model has nothing there"
            throw CheckpointError(.mismatch, "is of another model: it has \(their), \(our)", path: path)
        }
        if ours.count > theirs.count {
            throw CheckpointError(
                .mismatch, "is of another model: it lacks \(ours[theirs.count])", path: path)
        }
        guard let name = saved["optimizer"]?.text, name == optimizer.name else {
            throw CheckpointError(
                .mismatch,
                "is of a run with the optimizer \(saved["optimizer"]?.text ?? "?"), this one has "
                    + optimizer.name, path: path)
        }
        for variable in model.variables.entries where saved["weights"]?[variable.path]?.tensor?.spec != variable.spec {
            throw CheckpointError(.mismatch, "has no weight '\(variable.path)' of \(variable.spec)", path: path)
        }
    }

    /// Goes on with the random numbers of the run that was saved.
    func takeStreams(of saved: StateValue) {
        if let saved = saved["seed"]?.integer { seed = UInt64(UInt(bitPattern: saved)) }
        if let saved = saved["fits"]?.count { fitCount = saved }
    }

    /// Keeps to the words of the run that was saved. Checkpoints of earlier versions do not tell.
    func takeVocabularies(of saved: StateValue) {
        guard let saved = saved["vocabularies"], saved != .null else { return }
        trainedLayout = DataLayout(
            inputs: Self.fields(saved["inputs"]), targets: Self.fields(saved["targets"]))
    }

    /// The words of each input and target, by the element that is a class number.
    private static func vocabularies(_ layout: DataLayout) -> StateValue {
        func words(_ fields: [DataField]) -> StateValue {
            .list(
                fields.map { field in
                    .record(
                        Dictionary(uniqueKeysWithValues: field.vocabularies.map { (String($0), StateValue($1)) }))
                })
        }
        return ["inputs": words(layout.inputs), "targets": words(layout.targets)]
    }

    /// Fields of which nothing but these words is known.
    private static func fields(_ saved: StateValue?) -> [DataField] {
        (saved?.list ?? []).map { entry in
            let words = (entry.record ?? [:]).compactMap { key, value in
                Int(key).flatMap { element in value.texts.map { (element, $0) } }
            }
            return DataField(
                name: "", spec: TensorSpec(.scalar), vocabularies: Dictionary(words, uniquingKeysWith: { a, _ in a }))
        }
    }

    /// Goes back to a state that `check` accepts.
    func restoreState(_ saved: StateValue, path: String) throws {
        try restoreMemory(saved, weightsOnly: false, path: path)
        step = saved["step"]?.count ?? 0
        lastLearningRate = saved["last_learning_rate"]?.number
        batchCounter = UInt64(saved["batches"]?.count ?? 0)
        optimizer.step = step
        let trainable = saved["trainable"]?.list?.compactMap(\.boolean) ?? []
        let layers = allLayers
        guard trainable.count == layers.count else { return }
        var isChanged = false
        for (layer, wanted) in zip(layers, trainable) where layer.isTrainable != wanted {
            layer.isTrainable = wanted
            isChanged = true
        }
        if isChanged { trainabilityChanged() }
    }

    /// Goes back to weights and the optimizer's memory alone.
    func restoreMemory(_ saved: StateValue, weightsOnly: Bool, path: String) throws {
        try restoreWeights(saved, path: path)
        if !weightsOnly { try restoreSlots(saved, path: path) }
    }

    private func restoreWeights(_ saved: StateValue, path: String) throws {
        try state.writeWeights(
            model.variables.entries.map { variable in
                guard let tensor = saved["weights"]?[variable.path]?.tensor else {
                    throw CheckpointError(.mismatch, "has no weight '\(variable.path)'", path: path)
                }
                return tensor
            })
    }

    /// Memory that the checkpoint lacks goes back to how it begins.
    private func restoreSlots(_ saved: StateValue, path: String) throws {
        for variable in model.variables.entries {
            let known = saved["slots"]?[variable.path]?.record ?? [:]
            let declarations = optimizer.slots(of: variable.trained)
            for name in Set(known.keys).union(slots[variable.id].map { Array($0.keys) } ?? []) {
                let declaration = declarations.first { $0.name == name } ?? SlotDeclaration(name)
                let id = try slotVariable(declaration, of: variable)
                if let tensor = known[name]?.tensor {
                    let spec = declaration.spec(of: variable)
                    guard tensor.spec == spec else {
                        throw CheckpointError(
                            .mismatch, "has '\(name)' of '\(variable.path)' as \(tensor.spec), not \(spec)",
                            path: path)
                    }
                    try state.store.write(tensor, to: id)
                } else {
                    begin(declaration, id, of: variable)
                }
            }
            if let tensor = saved["gradients"]?[variable.path]?.tensor, tensor.spec == variable.spec {
                try state.store.write(tensor, to: gradientVariable(of: variable))
            } else if let sum = gradients[variable.id] {
                state.store.fill(sum, 0)
            }
        }
    }
}
