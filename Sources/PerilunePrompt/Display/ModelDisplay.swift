internal import PeriluneLua
internal import PeriluneNN
internal import PeriluneTrain

/// Models: the table of the layers, and how it trains.
enum ModelDisplay {
    /// Rows of the table that are shown at each end of a deep model.
    private static let edge = 20

    static func text(_ box: LuaModel, _ style: PromptStyle) -> String {
        var lines = box.model.summary().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.count > 2 * edge + 2 {
            let left = lines.count - 2 * edge
            lines.replaceSubrange(edge..<(lines.count - edge), with: ["  \(style.ellipsis) \(left) more lines"])
        }
        if !style.isUnicode { lines = lines.map(ascii) }
        if let trainer = box.trainer {
            let losses = trainer.losses.map(\.name).joined(separator: ", ")
            lines.append(" Optimizer: \(OptimizerDisplay.brief(trainer.optimizer)); loss: \(losses)")
        } else {
            lines.append(" Not compiled.")
        }
        return lines.joined(separator: "\n")
    }

    private static func ascii(_ line: String) -> String {
        String(
            line.map { character in
                switch character {
                case "│": "|"
                case "─": "-"
                case "┌", "┬", "┐", "├", "┼", "┤", "└", "┴", "┘": "+"
                default: character
                }
            })
    }
}
