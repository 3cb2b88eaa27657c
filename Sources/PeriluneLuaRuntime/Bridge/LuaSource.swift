internal import Glibc

/// Where a chunk's text comes from: what it takes to show the line of a syntax error.
package enum LuaSource {
    case file(String)
    case input
    case text(String, name: String)

    /// What messages call it.
    var name: String {
        switch self {
        case .file(let path): path
        case .input: "stdin"
        case .text(_, let name): name
        }
    }

    /// The text without byte-order mark and with a first line that starts with `#` emptied, so that lines keep their
    /// numbers.
    static func withoutHead(_ text: String) -> String {
        var rest = text[...]
        if rest.unicodeScalars.first == "\u{FEFF}" { rest = Substring(rest.unicodeScalars.dropFirst()) }
        guard rest.utf8.first == UInt8(ascii: "#") else { return String(rest) }
        let newline = rest.utf8.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        return String(rest[newline...])
    }

    /// Fills in script, line and excerpt of a syntax error.
    func locate(_ error: inout LuaError) {
        error.script = name
        // The name may be shortened in the message, so the line is looked for, not the name.
        guard let line = Self.line(in: error.message) else { return }
        error.line = line
        guard let source = sourceLine(line) else { return }
        error.excerpt = Self.excerpt(source, line: line, message: error.message)
    }

    private func sourceLine(_ number: Int) -> String? {
        let text: String
        switch self {
        case .file(let path):
            guard let read = Self.read(path) else { return nil }
            text = read
        case .input: return nil
        case .text(let given, _): text = given
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return number >= 1 && number <= lines.count ? String(lines[number - 1]) : nil
    }

    /// The number in the first `:number: ` of a message.
    static func line(in message: String) -> Int? {
        let parts = message.split(separator: ":")
        return parts.dropFirst().lazy.compactMap { Int($0) }.first
    }

    private static let longestExcerpt = 200

    /// The line and a caret under the token that the message says the fault is near; under the end for `<eof>`.
    package static func excerpt(_ source: String, line: Int, message: String) -> String {
        // A line of a file that is no text may be anything, and of any length.
        let shown = String(source.map { $0 == "\t" ? " " : $0 }).withoutControls.brief(longestExcerpt)
        var column = shown.count
        if let start = message.range(ofFirst: "near '"), message.hasSuffix("'") {
            let token = message[start.upperBound...].dropLast()
            if let found = shown.column(of: String(token)) { column = found }
        }
        let gutter = "\(line) | "
        let blank = String(repeating: " ", count: gutter.count - 2) + "| "
        return gutter + shown + "\n" + blank + String(repeating: " ", count: column) + "^"
    }

    /// A whole file as text, or nil where it cannot be read.
    private static func read(_ path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { _ = unsafe fclose(file) }
        var bytes: [UInt8] = []
        while bytes.count < 1 << 24 {
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                count = unsafe fread(buffer.baseAddress, 1, buffer.count, file)
            }
            if chunk.isEmpty { break }
            bytes += chunk
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// The column of `token`: as a word of Lua, else as text.
    fileprivate func column(of token: String) -> Int? {
        let words = LuaLexer.tokens(of: self, isScript: false)
        if let word = words.first(where: { $0.kind != .string && $0.text == token }) {
            return String(decoding: utf8.prefix(word.range.lowerBound), as: UTF8.self).count
        }
        return range(ofFirst: token).map { distance(from: startIndex, to: $0.lowerBound) }
    }

    /// Where `needle` occurs first.
    fileprivate func range(ofFirst needle: String) -> Range<String.Index>? {
        guard !needle.isEmpty else { return nil }
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
