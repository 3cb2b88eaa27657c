import Foundation
import Testing

/// What messages to servers mean for the program as a whole.
@Suite struct RemoteMonitorProgramTests {
    @Test func `a program that sends no messages does not load what sends them`() throws {
        let script = """
            local lune = require "perilune"
            local function isLoaded() return io.open("/proc/self/maps"):read("a"):find("libcurl", 1, true) ~= nil end
            print(isLoaded())
            lune.remote_monitor()
            print(isLoaded())
            """
        let run = try ProgramRun.of("perilune", ["-e", script])
        #expect(run.output == "false\ntrue\n", "\(run.errors)")
    }

    @Test func `a host that does not exist is a warning`() throws {
        // No name has an empty part, so nobody on the network is asked.
        let script = """
            local lune = require "perilune"
            local model = lune.sequential { lune.dense(10) }
            model:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
            model:fit(lune.data.digits():take(50), { verbose = 0, callbacks = {
              lune.remote_monitor { root = "http://a..b", retries = 0, timeout = 60 } } })
            print("end")
            """
        // A proxy would find out in its own words.
        let direct = ["http_proxy": "", "all_proxy": "", "ALL_PROXY": ""]
        let run = try ProgramRun.of("perilune", ["-e", script], environment: direct)
        #expect(run.errors.hasPrefix("remote_monitor: found no address of a host 'a..b'; "), "\(run.errors)")
        #expect(run.output == "end\n")
        #expect(run.status == 0)
    }

    /// The system takes connections for it, and nobody ever speaks on them.
    private func silentPort() throws -> (socket: Int32, port: Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        try #require(isListening)
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    @Test(arguments: ["http", "https"]) func `a program may end while a message is under way`(scheme: String) throws {
        let (listener, port) = try silentPort()
        defer { close(listener) }
        let script = """
            local lune = require "perilune"
            local model = lune.sequential { lune.dense(10) }
            model:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
            model:fit(lune.data.digits():take(50), { epochs = 9, verbose = 0, callbacks = {
              lune.remote_monitor { root = "\(scheme)://127.0.0.1:\(port)", timeout = 1e6 },
              lune.on("epoch_begin", function(epoch) if epoch == 5 then print(epoch) os.exit(3) end end) } })
            """
        let run = try ProgramRun.of("perilune", ["-e", script])
        #expect(run.output == "5\n")
        #expect(run.status == 3, "\(run.errors)")
    }
}
