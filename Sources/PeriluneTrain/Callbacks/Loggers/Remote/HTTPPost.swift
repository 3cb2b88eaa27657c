import Glibc

/// Sends one request with HTTP/1.1 over a connection of its own, within a time limit. Plain HTTP only: TLS would take a
/// library that every program then starts with; a proxy on the same machine can do it.
struct HTTPPost: Sendable {
    let host: String
    let port: String
    /// What is sent but for the body's length and the body.
    private let head: String

    /// What went wrong, and whether another attempt might go better.
    struct Failure: Error, CustomStringConvertible {
        let description: String
        var isLasting = false
    }

    /// - Parameter url: `http://host:port/path`.
    /// - Throws: `Failure` for another URL, or headers that are not ones.
    init(_ url: String, headers: [(name: String, value: String)]) throws(Failure) {
        guard url.hasPrefix("http://") else {
            throw Failure(
                description: url.hasPrefix("https://")
                    ? "https is not spoken here: let a proxy on this machine do it, and give its http:// address"
                    : "the address must begin with http://, got '\(url)'")
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw Failure(description: "the address must have no spaces and no characters beyond ASCII: '\(url)'")
        }
        let rest = url.dropFirst("http://".count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        let path = slash == rest.endIndex ? "/" : String(rest[slash...])
        guard let (host, port) = Self.parts(of: authority) else {
            throw Failure(description: "'\(authority)' is no host and port")
        }
        (self.host, self.port) = (host, port)
        var head = "POST \(path) HTTP/1.1\r\nHost: \(authority)\r\nConnection: close\r\nUser-Agent: perilune\r\n"
        for (name, value) in headers {
            let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }
            guard isName, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
                throw Failure(description: "'\(name): \(value)' is no header")
            }
            head += "\(name): \(value)\r\n"
        }
        self.head = head
    }

    /// Host and port of `host:port`, `host` or `[address]:port`.
    private static func parts(of authority: Substring) -> (host: String, port: String)? {
        var (host, port) = (authority, Substring("80"))
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { return nil }
            if !tail.isEmpty { port = tail.dropFirst() }
        } else if let colon = authority.lastIndex(of: ":") {
            (host, port) = (authority[..<colon], authority[authority.index(after: colon)...])
        }
        guard !host.isEmpty, let number = Int(port), (1...65535).contains(number) else { return nil }
        return (String(host), String(number))
    }

    /// Sends `body` and waits for the answer.
    /// - Parameter timeout: seconds for all of it, but for finding the host's address.
    /// - Throws: `Failure`, also for an answer that is not a success.
    func send(_ body: String, timeout: Double) throws(Failure) {
        let deadline = ContinuousClock.now + .waiting(timeout)
        let socket = try connect(deadline)
        defer { close(socket) }
        let request = Array((head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body).utf8)
        try write(request, to: socket, deadline)
        let answer = try readHead(from: socket, deadline)
        let words = answer.prefix { $0 != "\r\n" && $0 != "\n" }.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]) else {
            throw Failure(description: "\(host):\(port) does not answer in HTTP")
        }
        guard !(200..<300).contains(status) else { return }
        // What the server says of this request it will say again; of its own troubles it may not.
        let isLasting = status < 500 && status != 408 && status != 429
        throw Failure(
            description: "\(host):\(port) answered \(words.dropFirst().joined(separator: " "))", isLasting: isLasting)
    }

    private func failure(_ what: String, _ code: Int32 = errno) -> Failure {
        Failure(description: "\(what) \(host):\(port): \(String(cString: strerror(code)))")
    }

    private func connect(_ deadline: ContinuousClock.Instant) throws(Failure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, port, &hints, &found)
        guard status == 0, let first = found else {
            throw Failure(description: "there is no host \(host): \(String(cString: gai_strerror(status)))")
        }
        defer { freeaddrinfo(first) }
        var last = Failure(description: "\(host) has no address")
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let address = next?.pointee {
            next = address.ai_next
            do { return try connect(to: address, deadline) } catch { last = error }
        }
        throw last
    }

    private func connect(to address: addrinfo, _ deadline: ContinuousClock.Instant) throws(Failure) -> Int32 {
        let kind = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(address.ai_family, kind, address.ai_protocol)
        guard socket >= 0 else { throw failure("cannot reach") }
        if Glibc.connect(socket, address.ai_addr, address.ai_addrlen) == 0 { return socket }
        var error = errno
        if error == EINPROGRESS {
            do { try wait(for: socket, POLLOUT, deadline) } catch {
                close(socket)
                throw error
            }
            var size = socklen_t(MemoryLayout<Int32>.size)
            error = 0
            getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size)
            if error == 0 { return socket }
        }
        close(socket)
        throw failure("cannot reach", error)
    }

    private func wait(for socket: Int32, _ events: Int32, _ deadline: ContinuousClock.Instant) throws(Failure) {
        while true {
            let left = (deadline - .now).inSeconds
            guard left > 0 else { throw Failure(description: "\(host):\(port) did not answer in time") }
            var query = pollfd(fd: socket, events: Int16(events), revents: 0)
            let ready = poll(&query, 1, Int32(min(left * 1000 + 1, 1e6)))
            if ready > 0 { return }
            if ready < 0, errno != EINTR { throw failure("cannot wait for") }
        }
    }

    private func write(_ bytes: [UInt8], to socket: Int32, _ deadline: ContinuousClock.Instant) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let sent = bytes[done...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent > 0 {
                done += sent
            } else if errno == EAGAIN {
                try wait(for: socket, POLLOUT, deadline)
            } else if errno != EINTR {
                throw failure("cannot write to")
            }
        }
    }

    /// The answer up to the end of its headers, at most 64 KiB.
    private func readHead(from socket: Int32, _ deadline: ContinuousClock.Instant) throws(Failure) -> String {
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while answer.count < 1 << 16 {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count > 0 {
                answer += buffer.prefix(count)
                let text = String(decoding: answer, as: UTF8.self)
                if text.contains("\r\n\r\n") { return text }
            } else if count == 0 {
                break
            } else if errno == EAGAIN {
                try wait(for: socket, POLLIN, deadline)
            } else if errno != EINTR {
                throw failure("cannot read from")
            }
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
