internal import PeriluneItems
internal import PeriluneTrain

enum ProgressBarBinding {
    static let function = CallbackBindings.make(
        "progress_bar",
        options: [
            .optional("style", .enumeration(["bar", "lines"]), default: "bar", "a bar, or a line an epoch")
        ],
        help: """
            Shows how far a run is; in place of what verbose asks for.
            lune.progress_bar { style = "lines" }
            """
    ) { ProgressBar(try $0.string("style") == "bar" ? .bar : .lines) }
}
