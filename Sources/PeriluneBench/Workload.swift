/// Something to measure.
struct Workload {
    var name: String
    var summary: String
    /// Whether it measures processes of their own.
    var startsProcesses = false
    var measure: (BenchSettings) throws -> [Measurement]

    static var all: [Workload] {
        TrainingWorkload.all.map { race in
            Workload(name: race.name, summary: race.summary) { settings in [try race.measure(settings)] }
        } + [
            Workload(
                name: "callback", summary: "what a Lua function on every train-batch end adds, and an unheard event",
                measure: CallbackWorkload.measure),
            Workload(
                name: "startup", summary: "perilune -e 'print(1)', start to exit", startsProcesses: true,
                measure: ProcessWorkload.startup),
            Workload(
                name: "digits_process", summary: "digits for 20 epochs with an epoch callback, start to exit",
                startsProcesses: true, measure: ProcessWorkload.digits),
        ]
    }
}
