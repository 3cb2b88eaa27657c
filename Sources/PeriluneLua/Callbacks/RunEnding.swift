package import PeriluneTrain

/// How a run ended, as texts about it append it.
package enum RunEnding {
    /// `, stopped (good enough)`; a reason that says no more is left out.
    package static func text(_ end: EndReason?, _ reason: String?) -> String {
        let kind = end.map { ", \($0.rawValue)" } ?? ""
        guard let reason, reason != end?.rawValue else { return kind }
        return "\(kind) (\(reason))"
    }
}
