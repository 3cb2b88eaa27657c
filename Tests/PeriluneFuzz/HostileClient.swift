import Glibc
import PeriluneLua

/// Somebody attached who keeps to no rule: raw packets over a run's socket, made from a seed.
struct HostileClient: Sendable {
    private static let kinds = Array("+ecswuxporktn".utf8)

    private var text: LiveText
    private let path: String
    private var sockets: [Int32] = []

    /// - Parameter folder: where this process has its socket.
    init(seed: UInt64, folder: String) {
        text = LiveText(seed: seed)
        path = "\(folder)/\(getpid()).sock"
    }

    /// Does some things and leaves, in no order either. `note` hears of each before it is done.
    mutating func run(_ note: (String) -> Void) {
        for _ in 0...text.random.below(12) {
            switch text.random.below(16) {
            case 0...3: connect(1, note)
            case 4: connect(text.random.pick([20, 100, 400]) ?? 20, note)
            case 5, 6: leave(note)
            case 7: read()
            default: say(note)
            }
        }
        for socket in sockets { close(socket) }
        sockets = []
    }

    private mutating func connect(_ count: Int, _ note: (String) -> Void) {
        note("connect \(count)")
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        for _ in 0..<count {
            let file = socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard file >= 0 else { return }
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            // Only from here on: a connection waits for its turn, packets do not.
            _ = fcntl(file, F_SETFL, O_NONBLOCK)
            if result == 0 { sockets.append(file) } else { close(file) }
        }
    }

    private mutating func leave(_ note: (String) -> Void) {
        guard !sockets.isEmpty else { return }
        let place = text.random.below(sockets.count)
        note("leave \(place)")
        close(sockets.remove(at: place))
    }

    /// Takes what has come so far; who never does is sent away in the end.
    private mutating func read() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        for socket in sockets { while recv(socket, &buffer, buffer.count, 0) > 0 {} }
    }

    private mutating func say(_ note: (String) -> Void) {
        guard let socket = text.random.pick(sockets) else { return connect(1, note) }
        for packet in packets() {
            note("send \(packet.count) \(String(decoding: packet.prefix(200), as: UTF8.self).debugDescription)")
            _ = send(socket, packet, packet.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// A message, sound or not.
    private mutating func packets() -> [[UInt8]] {
        let kind = text.random.pick(Self.kinds) ?? 0
        let part = UInt8(ascii: "+")
        switch text.random.below(12) {
        case 0: return [(0..<text.random.below(60)).map { _ in UInt8(truncatingIfNeeded: text.random.next()) }]
        case 1: return [[kind] + (0..<text.random.below(60)).map { _ in UInt8(truncatingIfNeeded: text.random.next()) }]
        case 2: return [[kind] + [UInt8](repeating: text.random.pick([0, 0x28, 0xC3, 0xFF]) ?? 0, count: length())]
        // The first half of a message, whose other half may never come.
        case 3:
            return Array(repeating: [part] + [UInt8](repeating: 0x20, count: length()), count: text.random.below(40))
        case 4: return [[kind] + Array(text.random.pick(Self.numbers).utf8)]
        // All at once, with no wait for an answer.
        case 5: return Array(repeating: [kind] + Array(text.line().utf8), count: text.random.pick([2, 70, 300]) ?? 2)
        case 6: return [[UInt8(ascii: "p")] + Array(text.random.pick(Self.styles).utf8)]
        case 7: return [[UInt8(ascii: "c")] + Array(text.line().utf8)]
        case 8: return [[part] + Array(text.line().utf8), [UInt8(ascii: "e")]]
        default: return [[UInt8(ascii: "e")] + Array(text.line().utf8.prefix(32 << 10))]
        }
    }

    private mutating func length() -> Int { text.random.pick([0, 1, 1000, 32 << 10, (32 << 10) + 1, 100_000]) ?? 0 }

    private static let numbers = ["0", "1", "-1", "9223372036854775807", "-9223372036854775808", "1e9", "x", ""]
    private static let styles = [
        "", "80 24", "0 0", "-1 -1", "1 1", "100000 100000 colors unicode numbers", "9223372036854775807 1",
        "80 24 nothing \u{0} \u{FFFD}", "2 2 colors colors",
    ]
}
