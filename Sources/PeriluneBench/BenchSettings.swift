import Glibc

/// How to measure.
struct BenchSettings {
    var repeats: Int
    /// Threads to train on; nil lets the runtime choose.
    var threads: Int?
    /// The path of the `perilune` program.
    var program: String

    /// The path of a program that was built together with this one.
    static func neighbour(_ name: String) -> String {
        let path = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            let length = buffer.withMemoryRebound(to: CChar.self) { characters in
                readlink("/proc/self/exe", characters.baseAddress!, characters.count)
            }
            count = max(0, length)
        }
        let own = String(decoding: path, as: UTF8.self)
        return (own.lastIndex(of: "/").map { own[...$0] } ?? "") + name
    }
}
