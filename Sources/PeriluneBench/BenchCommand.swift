import ArgumentParser
import Glibc

/// The program `perilune-bench`; `scripts/bench` builds and runs it.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perilune-bench",
        abstract: "Measures training steps, the cost of callbacks, and whole processes.",
        discussion: "Workloads:\n" + Workload.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

    @Argument(help: ArgumentHelp("What to measure; everything by default.", valueName: "workload"))
    var names: [String] = []

    @Flag(help: "Print one JSON object a line.")
    var json = false

    @Flag(
        help: """
            Measure training steps alone and beside a process that keeps a processor busy, which it starts and ends, \
            against one thread: mlp and cnn by default.
            """)
    var busy = false

    @Option(help: "How often each workload is measured.")
    var repeats = 7

    @Option(help: "Threads to train on; the runtime chooses by default.")
    var threads: Int?

    @Option(help: "The perilune program that the process workloads run; the one beside this by default.")
    var program: String?

    func validate() throws {
        guard repeats >= 1 else { throw ValidationError("--repeats must be 1 or more, got \(repeats).") }
        guard threads ?? 1 >= 1 else { throw ValidationError("--threads must be 1 or more, got \(threads ?? 0).") }
    }

    func run() throws {
        let settings = BenchSettings(
            repeats: repeats, threads: threads, program: program ?? BenchSettings.neighbour("perilune"))
        guard !busy else {
            for race in try chosenRaces() { print(try BusyWorkload.measure(race, settings)) }
            return
        }
        // Processes first: one that is started counts the memory of its parent as its own peak, so this one must be
        // small still.
        let chosen = try chosenWorkloads()
        for workload in chosen.filter(\.startsProcesses) + chosen.filter({ !$0.startsProcesses }) {
            print(try workload.measure(settings))
        }
    }

    private func print(_ measurements: [Measurement]) {
        for measurement in measurements {
            Swift.print(json ? measurement.json : measurement.text)
            fflush(nil)
        }
    }

    private func chosenRaces() throws -> [TrainingWorkload] {
        let names = names.isEmpty ? ["mlp", "cnn"] : names
        return try names.map { name in
            guard let race = TrainingWorkload.all.first(where: { $0.name == name }) else {
                let known = TrainingWorkload.all.map(\.name).joined(separator: ", ")
                throw ValidationError("With --busy, the workloads are \(known), not '\(name)'.")
            }
            return race
        }
    }

    private func chosenWorkloads() throws -> [Workload] {
        guard !names.isEmpty else { return Workload.all }
        return try names.map { name in
            guard let workload = Workload.all.first(where: { $0.name == name || $0.aliases.contains(name) }) else {
                let known = Workload.all.map(\.name).joined(separator: ", ")
                throw ValidationError("There is no workload '\(name)'. The workloads are: \(known).")
            }
            return workload
        }
    }

    /// Parses the arguments, measures, and returns the exit status: 2 on wrong usage.
    static func start(_ arguments: [String]) -> Int32 {
        if arguments.first == BusyNeighbour.argument {
            BusyNeighbour.run()
            return 0
        }
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
            return 0
        } catch {
            let code = exitCode(for: error)
            guard !code.isSuccess else {
                Swift.print(fullMessage(for: error))
                return 0
            }
            var message = fullMessage(for: error) + "\n"
            message.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
            return code == .validationFailure ? 2 : 1
        }
    }
}
