import ArgumentParser

/// Whether others may attach to the fits of a script, or of what is typed at the prompt.
struct AttachOptions: ParsableArguments {
    @Flag(name: .customLong("no-attach"), help: "Let nobody attach to the fits of this process.")
    var isOff = false
}
