import ArgumentParser
import Perilune

/// The option of `perilune run` about going on with a run that was ended.
struct ResumeOptions: ParsableArguments {
    @Option(
        name: .customLong("resume"),
        help: ArgumentHelp(
            """
            A checkpoint, or a folder of them, that every fit without a 'resume' of its own goes on from; \
            afresh where there is none yet. May be written after the script.
            """, valueName: "path"))
    var path: String?

    /// Takes the option where it was written after the script: `perilune train.lua --resume runs/a`.
    mutating func take(from words: inout ArraySlice<String>) throws {
        guard words.first == "--resume" else { return }
        guard let given = words.dropFirst().first else {
            throw ValidationError("Missing value for '--resume <path>'")
        }
        path = given
        words = words.dropFirst(2)
    }
}
