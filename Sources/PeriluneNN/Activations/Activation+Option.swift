import PeriluneItems

extension Activation {
    /// The parameters by Keras's names, for activations that have some. Booleans are 0 or 1.
    var parameters: [String: Float] {
        switch self {
        case .celu(let alpha), .elu(let alpha): ["alpha": alpha]
        case .gelu(let approximate): ["approximate": approximate ? 1 : 0]
        case .glu(let axis), .logSoftmax(let axis), .softmax(let axis), .sparsemax(let axis): ["axis": Float(axis)]
        case .hardShrink(let threshold), .softShrink(let threshold): ["threshold": threshold]
        case .leakyRelu(let slope): ["negative_slope": slope]
        case .relu(let slope, let maxValue, let threshold):
            ["negative_slope": slope, "max_value": maxValue, "threshold": threshold].compactMapValues(\.self)
        case .squareplus(let b): ["b": b]
        case .threshold(let threshold, let value): ["threshold": threshold, "default_value": value]
        case .exponential, .hardSigmoid, .hardSilu, .hardTanh, .linear, .logSigmoid, .mish, .relu6, .selu, .sigmoid,
            .silu, .softplus, .softsign, .sparsePlus, .sparseSigmoid, .tanh, .tanhShrink:
            [:]
        }
    }
}

extension OptionForm where Value == Activation {
    /// A name, or a name with parameters.
    static var activation: Self {
        let number = OptionForm<Float>.number(.all)
        return Self(.named("activation", .either(.catalogue("activation", Activation.names), .table))) { activation in
            if activation.parameters.isEmpty || (try? Activation.named(activation.name)) == activation {
                return .text(activation.name)
            }
            return .item(ItemDescription(activation.name, activation.parameters.compactMapValues(number.write)))
        } read: { input in
            do {
                switch input {
                case .value(.text(let name)): return try Activation.named(name)
                case .value(.item(let item)):
                    return try Activation.named(item.name, item.options.activationParameters(of: item.name))
                case .value, .made, .list:
                    guard input.elements.count == 1, case .value(.text(let name)) = input.elements[0] else {
                        throw OptionFault("a name, or a table that begins with one, expected")
                    }
                    return try Activation.named(name)
                }
            } catch let error as ModelError {
                throw OptionFault(error.message)
            }
        }
    }
}

extension [String: OptionValue] {
    fileprivate func activationParameters(of name: String) throws -> [String: Float] {
        var parameters: [String: Float] = [:]
        for (key, value) in self {
            switch value {
            case .boolean(let isOn): parameters[key] = isOn ? 1 : 0
            case .integer(let number): parameters[key] = Float(number)
            case .number(let number): parameters[key] = Float(number)
            case .text, .list, .record, .item:
                throw OptionFault("'\(key)' of activation '\(name)' must be a number, got \(value.text)")
            }
        }
        return parameters
    }
}
