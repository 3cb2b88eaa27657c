internal import Glibc
internal import PeriluneLuaRuntime

/// `:mem`
enum MemoryCommand {
    static var command: PromptCommand {
        PromptCommand(":mem", help: "tell how much memory Lua and the process hold") { _, prompt in
            let before = prompt.state.memoryUse
            let after = prompt.state.collectGarbage()
            var text = "Lua      \(size(after))"
            if before > after { text += ", \(size(before - after)) were garbage" }
            if let process = residentBytes() { text += "\nprocess  \(size(process)), tensors and all" }
            prompt.output(text + "\n")
            return .done
        }
    }

    static func size(_ bytes: Int) -> String {
        var (value, unit) = (Double(bytes), "bytes")
        for larger in ["KiB", "MiB", "GiB"] where value >= 1024 { (value, unit) = (value / 1024, larger) }
        return "\(ShortNumber.text(value)) \(unit)"
    }

    /// What the process has in memory, as the kernel tells.
    private static func residentBytes() -> Int? {
        guard let file = unsafe fopen("/proc/self/statm", "r") else { return nil }
        defer { _ = unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard unsafe fgets(&line, Int32(line.count), file) != nil else { return nil }
        let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return words.count > 1 ? Int(words[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
    }
}
