import Glibc

/// Says that a run writes to a folder, as long as the object lives: two runs would mix their checkpoints there. The
/// kernel gives it up with the process, however that ends.
final class FolderLock {
    private let descriptor: Int32

    /// Nil where another run, of this process or another one, has the folder. A file system without locks has none to
    /// refuse.
    init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
        close(descriptor)
        return nil
    }

    deinit {
        guard descriptor >= 0 else { return }
        // A program that another thread starts just now may have a copy of the descriptor for a moment, and closing
        // alone would leave the lock to it.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
