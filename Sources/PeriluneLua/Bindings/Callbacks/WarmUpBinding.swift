internal import PeriluneItems
internal import PeriluneTrain

enum WarmUpBinding {
    static let function = CallbackBindings.make(
        "warm_up",
        options: Parameter.span + [
            .optional("from", .number(.atLeast(0)), default: 0, "the share of the learning rate that it begins with")
        ],
        help: """
            Raises the learning rate in a straight line to what it would be otherwise.
            A schedule is multiplied; what other callbacks set meanwhile is the rate without the warm-up.
            lune.warm_up { steps = 500 }
            """
    ) { arguments in
        guard let span = try arguments.span() else { throw arguments.fault("steps", "'steps' or 'epochs' expected") }
        return try WarmUp(span, from: arguments.number("from"))
    }
}

// How long something lasts: two options of which one is given.
extension Parameter {
    static let span: [Parameter] = [
        .optional("steps", .integer(atLeast: 1), "how long, in updates of the weights; or give epochs"),
        .optional("epochs", .integer(atLeast: 1), "how long, in epochs"),
    ]
}

extension Arguments {
    /// What `steps` or `epochs` says; nil where neither is given.
    func span() throws -> RateSpan? {
        switch (try optionalInteger("steps"), try optionalInteger("epochs")) {
        case (nil, nil): return nil
        case (let steps?, nil): return .steps(steps)
        case (nil, let epochs?): return .epochs(epochs)
        case (.some, .some): throw fault("epochs", "either 'steps' or 'epochs' expected, got both")
        }
    }
}
