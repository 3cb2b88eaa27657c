internal import Glibc
public import PeriluneTrain

extension Interruption {
    /// Where the run is and why it stands still, for a person: one line, or two where a callback was interrupted.
    ///
    /// `position` is the line of the script that called, for a breakpoint: `train.lua:12`.
    public func summary(position: String = "") -> String {
        switch cause {
        case .stop, .prompt, .attention, .stepsDone: "paused \(place)"
        case .directive(let callback): "paused by callback '\(callback)' \(place)"
        case .breakpoint: "breakpoint\(position.isEmpty ? "" : " at " + position) \(place)"
        case .callback(let error): "\(error)\npaused \(place)"
        }
    }

    /// `in epoch 3 of 30, batch 17 of 45, step 1234, loss 0.4123`
    public var place: String {
        var parts: [String] = []
        if run.epoch > 0 {
            let isAfter = moment == .epoch
            parts.append("\(isAfter ? "after" : "in") epoch \(run.epoch) of \(run.params.epochs)")
            if !isAfter, run.batch > 0 {
                parts.append("batch \(run.batch)" + (run.params.steps.map { " of \($0)" } ?? ""))
            }
        } else {
            parts.append("before epoch 1 of \(run.params.epochs)")
        }
        if moment == .testBatch { parts.append("batch \(run.testBatch) of the validation") }
        parts.append("step \(run.step)")
        logs.forEach { name, value in
            guard parts.count < 8, !Self.hidden.contains(name), !name.hasPrefix("running_") else { return }
            parts.append("\(name) \(Self.short(value))")
        }
        return parts.joined(separator: ", ")
    }

    private static let hidden: Set = ["epoch", "step", "size", "epoch_seconds", "samples_per_second"]

    /// Four significant digits.
    private static func short(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return "\(value)" }
        let scale = pow(10, 3 - floor(log10(abs(value))))
        let rounded = (value * scale).rounded() / scale
        return rounded.isFinite ? "\(rounded)" : "\(value)"
    }
}
