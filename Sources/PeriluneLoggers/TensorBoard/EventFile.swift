import Glibc
import PeriluneTrain

/// A file of events for TensorBoard: records that hold `Event` messages of TensorFlow's `event.proto`.
final class EventFile {
    private let file: LogFile
    private let logger: String
    /// Whether nothing was in it when it was opened.
    let isNew: Bool

    /// Opens a new file in `folder`, or the one there that a checkpoint knows, and cuts that to what it was then. The
    /// folder may have been moved since.
    init(in folder: String, resuming saved: StateValue?, for logger: String, _ run: Run) throws {
        self.logger = logger
        if let saved, let known = try Self.known(saved, in: folder, for: logger, run) {
            file = known
        } else {
            file = try LogFile(Self.newPath(in: folder), for: logger)
            try file.lock()
        }
        isNew = file.length == 0
        if isNew { try writeVersion() }
    }

    private static func known(
        _ saved: StateValue, in folder: String, for logger: String, _ run: Run
    ) throws -> LogFile? {
        guard let name = saved["path"]?.text.map({ WholeFile.parts(of: $0).name }) else { return nil }
        let path = folder + "/" + name
        guard unsafe access(path, F_OK) == 0 else { return nil }
        let file = try LogFile(path, for: logger)
        try file.lock()
        switch try file.resume(saved) {
        case .same: return file
        case .shorter(let missing):
            run.sayOnce("\(logger): \(path) lacks \(missing) bytes that it had when the checkpoint was written")
            return nil
        case .other: return nil
        }
    }

    private func writeVersion() throws {
        var event = Self.event(step: 0)
        event.add(3, "brain.Event:2")
        try file.write(TFRecord.framed(event.bytes))
    }

    /// A name that no other file has, in the form that TensorBoard looks for.
    private static func newPath(in folder: String) -> String {
        var host = [CChar](repeating: 0, count: 65)
        unsafe gethostname(&host, host.count - 1)
        let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let start = "\(folder)/events.out.tfevents.\(time(nil)).\(name.isEmpty ? "host" : name).\(getpid())"
        var number = 0
        while unsafe access("\(start).\(number)", F_OK) == 0 { number += 1 }
        return "\(start).\(number)"
    }

    func write(_ values: [SummaryValue], step: Int) throws {
        guard !values.isEmpty else { return }
        var summary = ProtocolBuffer()
        for value in values { summary.add(1, value.message) }
        var event = Self.event(step: step)
        event.add(5, summary)
        try write(event)
    }

    private static func event(step: Int) -> ProtocolBuffer {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        var event = ProtocolBuffer()
        event.add(1, Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9)
        event.add(2, step)
        return event
    }

    private func write(_ event: ProtocolBuffer) throws {
        // A folder that has been removed meanwhile is made again.
        if try file.revive(), file.length == 0 { try writeVersion() }
        try file.write(TFRecord.framed(event.bytes))
    }

    func close() { file.close() }

    var state: StateValue { file.state }
    var path: String { file.path }
}
