import ArgumentParser

/// Whether others may attach to the fits of a script.
struct AttachOptions: ParsableArguments {
    @Flag(name: .customLong("no-attach"), help: "Let nobody attach to the fits of the script.")
    var isOff = false
}
