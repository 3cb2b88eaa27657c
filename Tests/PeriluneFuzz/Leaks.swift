import Glibc
import PeriluneLua
import PeriluneLuaRuntime

/// Runs `body` and lets go of the state that it returns.
/// - Throws: what `body` throws, and `FuzzFinding` where the state lives on, or more files are open than before.
func withoutLeaks(_ body: () throws -> LuaState) throws {
    let files = openFileCount()
    weak var state: LuaState?
    do {
        let returned = try body()
        state = returned
    }
    guard state == nil else { throw FuzzFinding("a state lives on that nobody holds") }
    // Threads in the background close theirs in their own time.
    let deadline = ContinuousClock.now + .seconds(60)
    while openFileCount() > files {
        guard .now < deadline else { throw FuzzFinding("files are left open") }
        usleep(1000)
    }
}

private func openFileCount() -> Int {
    guard let folder = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return count
}
