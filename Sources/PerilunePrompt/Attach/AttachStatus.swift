internal import PeriluneTrain

/// What a run tells about itself in a list of runs.
public struct AttachStatus: Hashable, Sendable {
    /// What the process does.
    public enum Activity: String, Hashable, Sendable {
        case training
        /// A client has paused it.
        case paused
        /// It stands still at a prompt of its own terminal.
        case atPrompt = "at its prompt"
        /// The script does something else between its fits.
        case idle = "between fits"
        /// It did not answer in time: a batch takes long.
        case busy
        /// Nothing of it answers: the process is stopped (Ctrl-Z), or the machine is very busy.
        case silent = "no answer"
    }

    public var process: Int32
    /// The script, as it was called.
    public var script: String
    /// When the process began to listen: seconds since 1970.
    public var since: Int
    public var activity: Activity
    /// 0 where nothing is known.
    public var epoch = 0
    public var epochs = 0
    public var step = 0

    /// Takes up where a run is.
    mutating func set(_ run: Run) {
        (epoch, epochs, step) = (run.epoch, run.params.epochs, run.step)
    }

    /// One line a value; the script comes last, for it may hold anything but a line end.
    var text: String {
        "\(process)\n\(since)\n\(activity.rawValue)\n\(epoch)\n\(epochs)\n\(step)\n"
            + script.map { $0 == "\n" ? " " : $0 }
    }

    init(process: Int32, script: String, since: Int, activity: Activity) {
        self.process = process
        self.script = script
        self.since = since
        self.activity = activity
    }

    init?(_ text: String) {
        let lines = text.split(separator: "\n", maxSplits: 6, omittingEmptySubsequences: false)
        guard lines.count == 7, let process = Int32(lines[0]), let since = Int(lines[1]),
            let activity = Activity(rawValue: String(lines[2])), let epoch = Int(lines[3]), let epochs = Int(lines[4]),
            let step = Int(lines[5])
        else { return nil }
        self.init(process: process, script: String(lines[6]), since: since, activity: activity)
        (self.epoch, self.epochs, self.step) = (epoch, epochs, step)
    }
}
