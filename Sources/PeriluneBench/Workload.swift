/// Something to measure.
struct Workload {
    var name: String
    /// Names of before.
    var aliases: [String] = []
    var summary: String
    /// Whether it measures processes of their own.
    var startsProcesses = false
    var measure: (BenchSettings) throws -> [Measurement]

    static var all: [Workload] {
        TrainingWorkload.all.map { race in
            Workload(name: race.name, summary: race.summary) { settings in [try race.measure(settings)] }
        } + [
            Workload(
                name: "callbacks", aliases: ["callback"],
                summary: "what scripts add to the end of a training batch: trusted, strict, with limits, filtered",
                measure: CallbackWorkload.measure),
            Workload(
                name: "attach", summary: "what the socket that one could attach to adds to a training batch",
                measure: AttachWorkload.measure),
            Workload(
                name: "checkpoint",
                summary:
                    "a checkpoint of 100 MB: written and read against the disk, and the stall of one in the background",
                measure: CheckpointWorkload.measure),
            Workload(
                name: "callback_costs", summary: "what each built-in callback adds to an epoch of digits",
                measure: EpochCostWorkload.measure),
            Workload(
                name: "csv", summary: "reading tables of 10^6 rows: numbers, quoted numbers, words",
                measure: CSVWorkload.measure),
            Workload(
                name: "startup", summary: "perilune -e 'print(1)', start to exit", startsProcesses: true,
                measure: ProcessWorkload.startup),
            Workload(
                name: "prompt_startup", summary: "the prompt, from its start through one line to exit",
                startsProcesses: true, measure: ProcessWorkload.promptStartup),
            Workload(
                name: "digits_process", summary: "digits for 20 epochs with an epoch callback, start to exit",
                startsProcesses: true, measure: ProcessWorkload.digits),
        ]
    }
}
