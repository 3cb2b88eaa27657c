public import PeriluneItems
public import PeriluneTrain

/// The callbacks that write what a run logs to files and servers, by name.
public enum LoggerCatalogue: ItemCatalogue {
    public static let kind = CallbackCatalogue.kind

    public static let declarations: [CallbackDeclaration] = [
        CSVLogger.declaration, JSONLogger.declaration, TensorBoard.declaration, RemoteMonitor.declaration,
    ]
}

extension ItemOption {
    static func critical(_ path: any KeyPath<Item, Bool> & Sendable) -> Self {
        .optional(
            "critical", path, .boolean, "whether a failure of this logger ends the run, and is not only a warning")
    }
}
