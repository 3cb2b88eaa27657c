import ArgumentParser
import Glibc
import Perilune

/// `perilune attach [PID] [-e CODE]`
struct AttachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Open a prompt in a run of another process; without a number, list the runs.",
        discussion: """
            The run goes on while one looks, and stands still only while a line is carried out, or from `pause` to \
            `continue`. `:watch` shows its epochs. Where standard input is no terminal its lines are carried out one \
            after the other.
            """)

    @Argument(help: ArgumentHelp("The number of the process.", valueName: "pid"))
    var process: Int32?

    @Option(
        name: .customShort("e"), parsing: .unconditional,
        help: ArgumentHelp("Carry out this line and leave; the status is 1 if it fails.", valueName: "code"))
    var code: String?

    func run() throws {
        guard let process else {
            guard code == nil else { throw ValidationError("-e needs the number of a process.") }
            return RunList.write(AttachClient.runs())
        }
        let client: AttachClient
        do {
            client = try AttachClient(process: process, output: { Standard.write($0) })
        } catch {
            Standard.error("perilune: \(error)")
            throw ExitStatus.failure
        }
        let keys = AttachKeys()
        defer { keys.end() }
        client.isInterrupted = { keys.isInterrupted }
        if let code {
            let outcome = client.evaluate(code)
            if outcome == .incomplete { Standard.error("perilune: the code ends in the middle of a statement") }
            guard outcome == .done else { throw ExitStatus.failure }
            return
        }
        let isTerminal = isatty(STDIN_FILENO) == 1
        client.hasSeenEnough = { isTerminal && keys.isEntered }
        if isTerminal { Standard.write("attached to \(process), which goes on; ? for help, :quit to leave\n") }
        let editor: any LineEditor = EditedLines(history: .standard) ?? PlainLines()
        let target = AttachTarget(client, keys)
        let ending = PromptLoop(
            target: target, editor: editor, prompt: { client.isPaused ? "\(process) paused> " : "\(process)> " }
        ).run()
        if !isTerminal, ending.failures > 0 { throw ExitStatus.failure }
    }
}

/// A client whose lines Ctrl-C gives up.
private final class AttachTarget: PromptTarget {
    private let client: AttachClient
    private let keys: AttachKeys

    init(_ client: AttachClient, _ keys: AttachKeys) {
        self.client = client
        self.keys = keys
    }

    func evaluate(_ text: String) -> PromptOutcome {
        keys.forget()
        return client.evaluate(text)
    }

    func completions(of line: String) -> PromptCompletions { client.completions(of: line) }
}
