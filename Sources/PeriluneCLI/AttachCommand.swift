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
            after the other, also after one that fails: its error goes to standard error, and the status is 1 in the \
            end.
            """)

    @Argument(help: ArgumentHelp("The number of the process.", valueName: "pid"))
    var process: Int32?

    @Option(
        name: .customShort("e"), parsing: .unconditional,
        help: ArgumentHelp(
            "Carry out this line and leave. If it fails the error goes to standard error, and the status is 1.",
            valueName: "code"))
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
        let isTerminal = isatty(STDIN_FILENO) == 1
        if code != nil || !isTerminal { client.errorOutput = { Standard.error($0) } }
        if let code {
            client.style = .ofStreams
            let outcome = client.evaluate(code)
            if outcome == .incomplete { Standard.error("perilune: the code ends in the middle of a statement") }
            leave(client)
            guard outcome == .done || outcome == .left && !client.hasEnded else { throw ExitStatus.failure }
            return
        }
        client.hasSeenEnough = { isTerminal && keys.isEntered }
        if isTerminal { Standard.write("attached to \(process), which goes on; ? for help, :quit to leave\n") }
        let editor: any LineEditor = EditedLines(history: .standard) ?? PlainLines()
        let prompt = {
            // From here on: Ctrl-C right behind Enter is for the line.
            keys.forget()
            return client.isPaused ? "\(process) paused> " : "\(process)> "
        }
        let ending = PromptLoop(target: AttachTarget(client), editor: editor, prompt: prompt).run()
        leave(client)
        // Lines that came to a run which is over were not carried out.
        let isCutOff = ending.wasLeft && client.hasEnded
        if !isTerminal, ending.failures > 0 || isCutOff { throw ExitStatus.failure }
    }

    /// A run stands still only while a client is attached.
    private func leave(_ client: AttachClient) {
        guard client.isPaused, !client.hasEnded else { return }
        if client.isHeldByOthers {
            return Standard.error("perilune: the run stands still: another client has paused it")
        }
        Standard.error("perilune: the run goes on: a pause lasts as long as one stays attached")
    }
}

/// A client whose answers suit the terminal.
private final class AttachTarget: PromptTarget {
    private let client: AttachClient

    init(_ client: AttachClient) { self.client = client }

    func evaluate(_ text: String) -> PromptOutcome {
        // The window may have another size by now.
        client.style = .ofStreams
        return client.evaluate(text)
    }

    func completions(of line: String) -> PromptCompletions { client.completions(of: line) }
}

extension PromptStyle {
    /// What the terminal can show, without colours where errors go somewhere else.
    fileprivate static var ofStreams: PromptStyle {
        var style = TerminalStyle.current
        if isatty(STDERR_FILENO) != 1 { style.hasColors = false }
        return style
    }
}
