import ArgumentParser
import Perilune

/// The options of `perilune run` about files of callbacks.
struct CallbackOptions: ParsableArguments {
    @Option(
        name: .customLong("callbacks"),
        help: ArgumentHelp(
            """
            A file with global functions (on_epoch_end, ...) that join the callbacks of every fit. \
            It runs in the strict profile, in a Lua state of its own. May be repeated.
            """, valueName: "file"))
    var files: [String] = []

    @Flag(help: "Run the files of --callbacks in the trusted profile, each in a Lua state of its own still.")
    var trustCallbacks = false

    @Flag(help: "Read the files of --callbacks again before an epoch when they have changed; their table state stays.")
    var reload = false

    func validate() throws {
        guard files.isEmpty else { return }
        if trustCallbacks { throw ValidationError("--trust-callbacks goes with --callbacks.") }
        if reload { throw ValidationError("--reload goes with --callbacks.") }
    }

    /// Takes the options that were written after the script, where they begin with `--callbacks`:
    /// `perilune train.lua --callbacks steering.lua --reload`. All that follows is the script's.
    mutating func take(from words: inout ArraySlice<String>) throws {
        guard words.first == "--callbacks" else { return }
        while let word = words.first {
            switch word {
            case "--callbacks":
                guard let file = words.dropFirst().first else {
                    throw ValidationError("Missing value for '--callbacks <file>'")
                }
                files.append(file)
                words = words.dropFirst()
            case "--trust-callbacks": trustCallbacks = true
            case "--reload": reload = true
            default: return
            }
            words = words.dropFirst()
        }
    }

    /// What the options ask for, with the limits and folders that bind scripts.
    func callbackFiles(_ sandbox: SandboxOptions) -> [CallbackFile] {
        let profile = trustCallbacks ? ScriptProfile.trusted : .strict
        let bounds = sandbox.sandbox(for: profile)
        return files.map {
            CallbackFile($0, profile: profile, limits: bounds.limits, access: bounds.access, reloads: reload)
        }
    }
}
