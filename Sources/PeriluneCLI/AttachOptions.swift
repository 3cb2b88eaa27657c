import ArgumentParser

/// Whether others may attach to the fits of a script, or of what is typed at the prompt.
struct AttachOptions: ParsableArguments {
    @Flag(name: .customLong("no-attach"), help: "Take no clients of perilune attach in the fits of this process.")
    var isOff = false
}
