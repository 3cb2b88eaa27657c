/// The command line of the fuzzer.
struct FuzzOptions {
    private var fuzzer: any Fuzzer = BindingFuzzer()
    private var seed: UInt64 = 1
    private var seconds = 2.0
    private var cases = 60
    private var isVerbose = false

    init(_ arguments: some Sequence<String>) throws {
        var rest = Array(arguments)[...]
        while let word = rest.popFirst() {
            switch word {
            case "bindings": fuzzer = BindingFuzzer()
            case "callbacks": fuzzer = BindingFuzzer(fits: true)
            case "hosts": fuzzer = HostFuzzer()
            case "checkpoints": fuzzer = CheckpointFuzzer()
            case "prompt": fuzzer = PromptFuzzer()
            case "live": fuzzer = LivePromptFuzzer()
            case "attach": fuzzer = AttachFuzzer()
            case "scripts": fuzzer = ScriptFuzzer()
            case "files": fuzzer = FileFuzzer()
            case "--seed": seed = try Self.number(word, rest.popFirst())
            case "--seconds": seconds = try Self.number(word, rest.popFirst())
            case "--cases": cases = try Self.number(word, rest.popFirst())
            case "--verbose": isVerbose = true
            default: throw FuzzFinding("unknown argument \(word)")
            }
        }
    }

    private static func number<Number: LosslessStringConvertible>(_ word: String, _ text: String?) throws -> Number {
        guard let text, let number = Number(text) else { throw FuzzFinding("\(word) takes a number") }
        return number
    }

    /// Runs round after round until the time is over; at least one.
    func run() throws {
        let run = FuzzRun(journal: "journal", isVerbose: isVerbose)
        let end = ContinuousClock.now + .seconds(seconds)
        var seed = seed
        repeat {
            run.begin(seed: seed)
            do {
                try fuzzer.round(seed, cases: cases, run)
            } catch {
                throw FuzzFinding("seed \(seed): \(error)")
            }
            seed &+= 1
        } while ContinuousClock.now < end
        print("\(run.cases) cases, \(run.passed) without an error, seeds to \(seed &- 1)")
    }
}
