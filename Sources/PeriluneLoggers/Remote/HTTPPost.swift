import CCurlBridge
import Glibc

/// Sends messages to one address with HTTP or HTTPS, each over a connection of its own and within a time limit.
///
/// Proxies are those that the environment names (`https_proxy`, `no_proxy` and so on), but none for this machine
/// itself. Redirects are not followed: after most of them the message would have to be left out, and after any its
/// headers, which may hold a secret, would go to another server.
struct HTTPPost: Sendable {
    private let url: String
    let host: String
    private let port: Int
    /// Names and values, a line each.
    private let headers: String
    private let check: CertificateCheck

    /// - Parameter url: `http://host:port/path`, or with https.
    /// - Throws: `Failure` for another URL, headers that are not ones, a file of certificates that cannot be read, and
    ///   where there is no libcurl.
    init(_ url: String, headers: [(name: String, value: String)], check: CertificateCheck) throws(Failure) {
        guard let scheme = ["http://", "https://"].first(where: url.lowercased().hasPrefix) else {
            throw Failure("the address must begin with http:// or https://, got '\(url)'")
        }
        // libcurl takes any number of slashes for two.
        guard !url.dropFirst(scheme.count).hasPrefix("/") else {
            throw Failure("'\(url)' is no address: it has no host")
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw Failure("the address must have no spaces and no characters beyond ASCII: '\(url)'")
        }
        if let fault = unsafe perilune_http_load() { throw Failure(unsafe String(cString: fault)) }
        // The name of a host has 253 characters at most.
        var host = [CChar](repeating: 0, count: 256)
        var port: Int32 = 0
        if let fault = unsafe perilune_http_parse(url, &host, host.count, &port) {
            throw Failure("'\(url)' is no address: \(unsafe String(cString: fault))")
        }
        if case .authorities(let path) = check, let error = Self.errorReading(path) {
            throw Failure("cannot read the certificates in '\(path)': \(unsafe String(cString: strerror(error)))")
        }
        self.url = url
        self.host = Self.text(host)
        self.port = Int(port)
        self.check = check
        var lines = ""
        for (name, value) in headers { lines += try Self.line(name, value) + "\n" }
        if !headers.contains(where: { $0.name.lowercased() == "connection" }) { lines += "Connection: close\n" }
        self.headers = lines
    }

    /// Sends `body` and waits for the answer.
    /// - Parameter timeout: seconds for all of it; finding the host's address may take longer.
    /// - Throws: `Failure`, also for an answer that is not a success.
    func send(_ body: String, timeout: Double) throws(Failure) {
        var text = [CChar](repeating: 0, count: 512)
        var location = [CChar](repeating: 0, count: 2048)
        // What libcurl counts in everywhere holds 24 days.
        let milliseconds = Int(min(max(1, timeout * 1000), Double(Int32.max)))
        let answer = unsafe perilune_http_post(
            url, headers, body, body.utf8.count, milliseconds, isLocal, check != .none, authorities, &text, text.count,
            &location, location.count)
        if let failure = failure(answer, Self.text(text), location: Self.text(location)) { throw failure }
    }

    /// The server, as messages name it.
    var place: String { "\(host):\(port)" }

    /// Whether the host is this machine, which no proxy elsewhere can reach.
    private var isLocal: Bool {
        host.lowercased() == "localhost" || host == "[::1]" || host.hasPrefix("127.")
    }

    private var authorities: String? {
        guard case .authorities(let path) = check else { return nil }
        return path
    }

    /// Why a file cannot be read; nil where it can.
    private static func errorReading(_ path: String) -> Int32? {
        var information = stat()
        guard unsafe access(path, R_OK) == 0, unsafe stat(path, &information) == 0 else { return errno }
        return information.st_mode & S_IFMT == S_IFDIR ? EISDIR : nil
    }

    /// The line in a buffer. A server may have written it, and it may end up on a terminal, where control characters
    /// have an effect.
    private static func text(_ buffer: [CChar]) -> String {
        let ends = [0, CChar(bitPattern: UInt8(ascii: "\r")), CChar(bitPattern: UInt8(ascii: "\n"))]
        let line = String(decoding: buffer.prefix { !ends.contains($0) }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return line.unicodeScalars.reduce(into: "") { text, scalar in
            let isControl = scalar.value < 0x20 || 0x7f...0x9f ~= scalar.value
            text.unicodeScalars.append(isControl ? "?" : scalar)
        }
    }
}

extension HTTPPost {
    /// A header as libcurl takes it, where `Name:` would mean to leave one out.
    private static func line(_ name: String, _ value: String) throws(Failure) -> String {
        let marks = "!#$%&'*+-.^_`|~".utf8
        let isName = !name.isEmpty && name.utf8.allSatisfy { isLetterOrDigit($0) || marks.contains($0) }
        guard isName, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw Failure("'\(name): \(value)' is no header")
        }
        guard !["content-length", "transfer-encoding"].contains(name.lowercased()) else {
            throw Failure("'\(name)' follows from the message, and is no header to set")
        }
        return value.utf8.allSatisfy { $0 == 0x20 } ? "\(name);" : "\(name): \(value)"
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case _: false
        }
    }
}
