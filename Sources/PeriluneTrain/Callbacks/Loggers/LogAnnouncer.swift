/// A callback that writes numbers to the logs of epochs, if not to those of each: a table keeps columns for them.
protocol LogAnnouncer: Callback {
    /// The names, in the run that was prepared for last.
    var announcedNames: [String] { get }
}
