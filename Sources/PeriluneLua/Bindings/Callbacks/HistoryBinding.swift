internal import PeriluneItems
internal import PeriluneTrain

enum HistoryBinding {
    static let function = Binding(
        "history", result: .host("history"),
        help: """
            Records the logs of each epoch. fit returns one anyway; this one can be looked at from elsewhere.
            lune.history()
            """
    ) { _ in [.object(HistoryRecorder())] }
}
