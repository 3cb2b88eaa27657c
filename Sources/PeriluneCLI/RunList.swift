import Glibc
import Perilune

/// The list of runs that `perilune attach` shows.
enum RunList {
    static func write(_ runs: [AttachStatus]) {
        guard !runs.isEmpty else { return Standard.output("no runs to attach to") }
        let rows =
            [["PID", "EPOCH", "STEP", "SINCE", "DOES", "SCRIPT"]]
            + runs.map { run in
                [
                    "\(run.process)", run.epochs > 0 ? "\(run.epoch)/\(run.epochs)" : "-", "\(run.step)",
                    since(run.since), run.activity.rawValue, run.script,
                ]
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            // Numbers to the right, words to the left; nothing to fill up at the end.
            let cells = row.indices.map { column in
                let blank = String(repeating: " ", count: widths[column] - row[column].count)
                return column < 3 ? blank + row[column] : column == row.count - 1 ? row[column] : row[column] + blank
            }
            Standard.output(cells.joined(separator: "  "))
        }
    }

    /// The time of day, or the day where it was another one.
    private static func since(_ seconds: Int) -> String {
        guard seconds > 0 else { return "-" }
        var (then, now) = (time_t(seconds), time(nil))
        var (at, today) = (tm(), tm())
        localtime_r(&then, &at)
        localtime_r(&now, &today)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(at.tm_hour)):\(two(at.tm_min))"
        guard at.tm_yday != today.tm_yday || at.tm_year != today.tm_year else { return clock }
        return "\(at.tm_year + 1900)-\(two(at.tm_mon + 1))-\(two(at.tm_mday)) \(clock)"
    }
}
