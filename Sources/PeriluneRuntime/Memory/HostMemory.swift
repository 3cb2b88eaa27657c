internal import Glibc

/// What memory the host has to give. Systems promise more than they have and end a process that takes them at their
/// word, so large blocks are asked for only where they fit.
enum HostMemory {
    /// From this many bytes on it is worth looking; smaller blocks cost less than a look.
    private static let worthLooking = 128 << 20

    /// Finds out whether the host has this many bytes.
    /// - Throws: `RuntimeError` where it has not.
    static func require(_ byteCount: Int) throws(RuntimeError) {
        guard byteCount >= worthLooking, let available, byteCount > available else { return }
        throw RuntimeError(
            .outOfMemory,
            "out of memory: \(gigabytes(byteCount)) are needed, there are \(gigabytes(max(0, available)))")
    }

    private static func gigabytes(_ byteCount: Int) -> String {
        let tenths = byteCount / 100_000_000
        return "\(tenths / 10).\(tenths % 10) GB"
    }

    /// What is left of the machine's memory, of the process's group, and of what the process may map; nil where the
    /// system says nothing.
    static var available: Int? {
        [machine, group, addressSpace].compactMap { $0 }.min()
    }

    private static var machine: Int? {
        read("/proc/meminfo").flatMap { entry("MemAvailable:", in: $0) }.map { $0 * 1024 }
    }

    /// Pages of files count as used, and are given up for others.
    private static var group: Int? {
        let folder = "/sys/fs/cgroup/"
        guard let most = read(folder + "memory.max").flatMap(number),
            let used = read(folder + "memory.current").flatMap(number), let parts = read(folder + "memory.stat"),
            let files = entry("file", in: parts)
        else { return nil }
        return most - max(0, used - files)
    }

    /// The number behind a name, in a text of a name and a number a line.
    private static func entry(_ name: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count > 1, words[0] == name { return Int(words[1]) }
        }
        return nil
    }

    private static var addressSpace: Int? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < UInt(Int.max),
            let pages = read("/proc/self/statm")?.split(separator: " ").first.flatMap({ Int($0) })
        else { return nil }
        return Int(limit.rlim_cur) - pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func number(_ text: String) -> Int? { Int(text.prefix { $0.isNumber }) }

    private static func read(_ path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
