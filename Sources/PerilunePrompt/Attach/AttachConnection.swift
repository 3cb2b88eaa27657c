internal import Glibc
internal import PeriluneLuaRuntime

/// One end of a socket between a run and a client attached to it. Messages keep their boundaries.
///
/// The socket is closed when the last reference goes, so that no thread can meet another file under its number.
final class AttachConnection: Sendable {
    let file: Int32

    /// Takes over an open socket.
    init(_ file: Int32) { self.file = file }

    deinit { close(file) }

    /// Wakes the threads that wait at either end: nothing more will come.
    func end() { shutdown(file, Int32(SHUT_RDWR)) }

    /// Sends a message, in pieces where it is long.
    /// - Returns: whether it could be sent. One who does not read for two seconds counts as gone: the connection ends,
    ///   so that no thread waits for it again.
    @discardableResult
    func send(_ message: AttachMessage) -> Bool {
        var bytes = Array(message.text.utf8)[...]
        repeat {
            let piece = bytes.prefix(AttachMessage.longest)
            bytes = bytes.dropFirst(piece.count)
            let kind = bytes.isEmpty ? message.kind : AttachMessage.part
            guard send([kind.rawByte] + piece, within: 2000) else {
                end()
                return false
            }
        } while !bytes.isEmpty
        return true
    }

    /// Sends a short message if there is room for it just now: one who is slow, or stopped, misses it.
    func offer(_ message: AttachMessage) { _ = send([message.kind.rawByte] + message.text.utf8, within: 0) }

    private func send(_ packet: [UInt8], within milliseconds: Int32) -> Bool {
        while true {
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let sent = unsafe packet.withUnsafeBytes { unsafe Glibc.send(file, $0.baseAddress, $0.count, flags) }
            if sent >= 0 { return true }
            switch errno {
            case EINTR: continue
            case EAGAIN: guard milliseconds > 0, waits(for: POLLOUT, milliseconds: milliseconds) else { return false }
            case _: return false
            }
        }
    }

    /// The next packet: a message, or a part of one; nil at the end.
    func receive() -> (kind: AttachMessage.Kind, bytes: ArraySlice<UInt8>)? {
        var buffer = [UInt8](repeating: 0, count: AttachMessage.longest + 1)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(file, $0.baseAddress, $0.count, 0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0, let kind = AttachMessage.Kind(rawByte: buffer[0]) else { return nil }
            return (kind, buffer[1..<count])
        }
    }

    /// Waits until something can be read or written; the end of the connection counts.
    func waits(for event: Int32, milliseconds: Int32) -> Bool {
        var request = pollfd(fd: file, events: Int16(event), revents: 0)
        return unsafe poll(&request, 1, milliseconds) > 0
    }

    /// Makes the other end readable, unless it is long since.
    func nudge() { _ = unsafe Glibc.send(file, "!", 1, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) }

    /// Takes what has arrived and throws it away.
    func drain() {
        var buffer: [UInt8] = Array(repeating: 0, count: 64)
        while unsafe recv(file, &buffer, buffer.count, Int32(MSG_DONTWAIT)) > 0 {}
    }

    /// Whether the process at the other end belongs to the same user.
    var isOwn: Bool {
        // struct ucred: process, user, group.
        var peer: (pid_t, uid_t, gid_t) = (0, .max, .max)
        var size = socklen_t(MemoryLayout.size(ofValue: peer))
        let result = unsafe getsockopt(file, SOL_SOCKET, SO_PEERCRED, &peer, &size)
        return result == 0 && peer.1 == geteuid()
    }
}

extension AttachConnection {
    /// Two ends of a connection within this process.
    static func pair() throws(AttachError) -> (AttachConnection, AttachConnection) {
        var files: [Int32] = [-1, -1]
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0, &files) == 0 else {
            throw AttachError("cannot open a socket: \(AttachError.reason())")
        }
        return (AttachConnection(files[0]), AttachConnection(files[1]))
    }

    /// Connects to the socket at `path`.
    /// - Returns: nil where no process listens there. A stale socket, of a process that is gone, is removed.
    /// - Throws: `AttachError` where it cannot be connected to for another reason.
    static func connect(to path: String) throws(AttachError) -> AttachConnection? {
        let connection = try AttachConnection(open())
        let result = try unsafe withAddress(path) { address, size in
            unsafe Glibc.connect(connection.file, address, size)
        }
        if result == 0 {
            guard connection.isOwn else { throw AttachError("\(path) belongs to another user") }
            return connection
        }
        switch errno {
        case ECONNREFUSED:
            // A process that is there may be about to listen.
            if !AttachFolder.hasLivingProcess(path) { unsafe unlink(path) }
            return nil
        case ENOENT: return nil
        case _: throw AttachError("cannot connect to \(path): \(AttachError.reason())")
        }
    }

    /// Listens at `path`, which only the owner can connect to.
    static func listen(at path: String) throws(AttachError) -> AttachConnection {
        let connection = try AttachConnection(open())
        // What is there is of an earlier process with this number.
        unsafe unlink(path)
        let result = try unsafe withAddress(path) { address, size in unsafe bind(connection.file, address, size) }
        guard result == 0, unsafe chmod(path, 0o600) == 0, Glibc.listen(connection.file, 8) == 0 else {
            throw AttachError("cannot listen at \(path): \(AttachError.reason())")
        }
        return connection
    }

    /// The next one who connects; nil where there is none any more, or one whom it does not concern.
    func accept() -> AttachConnection? {
        let file = Glibc.accept(self.file, nil, nil)
        guard file >= 0 else { return nil }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        let connection = AttachConnection(file)
        return connection.isOwn ? connection : nil
    }

    /// The most bytes that the path of a socket may have.
    static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    private static func open() throws(AttachError) -> Int32 {
        let file = socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { throw AttachError("cannot open a socket: \(AttachError.reason())") }
        return file
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(AttachError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count <= longestPath else {
            throw AttachError("the path of the socket is longer than \(longestPath) bytes: \(path)")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
