/// Stops code that is carried out for a client, when the client gives it up.
///
/// The host has to do it, because only a signal to the thread that trains may interrupt a script (`LuaInterrupt`).
public protocol AttachBreaker: Sendable {
    /// Such code begins, on the thread that trains.
    func begin()
    /// It has come to its end; what interrupts it must not interrupt anything else from here on.
    func end()
    /// Interrupts it if it still goes on. Called on any thread, its own included.
    func breakOff()
}
