import Glibc

/// A thread that is not joined.
package enum DetachedThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs `body` on a thread of its own.
    /// - Returns: 0, or the error number where there is no thread to be had; `body` is not run then.
    package static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        let retained = unsafe Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { context in
                if let context = unsafe context { unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, retained.toOpaque())
        if status == 0 { pthread_detach(thread) } else { unsafe retained.release() }
        return status
    }
}
