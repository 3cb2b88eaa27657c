internal import PeriluneTrain

enum TerminateOnNaNBinding {
    static let function = CallbackBindings.make(
        "terminate_on_nan",
        options: [.optional("raise", .boolean, default: false, "whether it is an error instead of a stop")],
        help: "Stops when a loss is NaN or infinite."
    ) { TerminateOnNaN(raiseError: try $0.boolean("raise")) }
}
