internal import Glibc

/// The thread that listens at a run's socket and hears what those ask who are attached.
final class AttachListener: Sendable {
    let path: String
    private let hub: AttachHub
    private let socket: AttachConnection
    private let thread: pthread_t

    /// Makes the socket and begins to listen.
    init(_ hub: AttachHub, folder: String) throws(AttachError) {
        try AttachFolder.prepare(folder)
        path = AttachFolder.socket(of: getpid(), in: folder)
        socket = try .listen(at: path)
        self.hub = hub
        let work = Work(hub: hub, socket: socket)
        // Signals are for the thread that runs scripts.
        var (all, before) = (sigset_t(), sigset_t())
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        var made = pthread_t()
        let failure = unsafe pthread_create(
            &made, nil,
            { argument in
                unsafe Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        guard failure == 0 else {
            unsafe unlink(path)
            throw AttachError("cannot start a thread: \(unsafe String(cString: strerror(failure)))")
        }
        thread = made
    }

    /// Removes the socket and sends everybody away.
    func stop() {
        unsafe unlink(path)
        socket.end()
        pthread_join(thread, nil)
    }

    /// What the thread does and owns.
    private final class Work {
        let hub: AttachHub
        let socket: AttachConnection
        var clients: [(number: AttachHub.Client, connection: AttachConnection, reader: AttachReader)] = []

        init(hub: AttachHub, socket: AttachConnection) {
            self.hub = hub
            self.socket = socket
        }

        func run() {
            while true {
                var requests = [pollfd(fd: socket.file, events: Int16(POLLIN), revents: 0)]
                requests += clients.map { pollfd(fd: $0.connection.file, events: Int16(POLLIN), revents: 0) }
                guard unsafe poll(&requests, nfds_t(requests.count), -1) > 0 else { continue }
                for index in clients.indices.reversed() where requests[index + 1].revents != 0 {
                    if !hear(index) { dismiss(index) }
                }
                guard requests[0].revents != 0 else { continue }
                guard requests[0].revents & Int16(POLLHUP) == 0 else { break }
                guard let connection = socket.accept() else {
                    // Where the process has no file left to open, a client that wants to connect has to wait.
                    usleep(20_000)
                    continue
                }
                guard clients.count < AttachHub.mostClients else { continue }
                clients.append((hub.join(connection), connection, AttachReader()))
            }
            for index in clients.indices.reversed() { dismiss(index) }
        }

        /// - Returns: whether the client stays.
        private func hear(_ index: Int) -> Bool {
            guard let packet = clients[index].connection.receive() else { return false }
            guard let message = clients[index].reader.take(packet) else { return !clients[index].reader.isTooLong }
            return hub.ask(AttachHub.Question(client: clients[index].number, message: message))
        }

        private func dismiss(_ index: Int) {
            clients[index].connection.end()
            hub.leave(clients[index].number)
            clients.remove(at: index)
        }
    }
}
