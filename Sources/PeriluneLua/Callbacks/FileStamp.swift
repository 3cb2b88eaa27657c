internal import Glibc

/// What tells that a file was written to, or that another one has taken its place.
struct FileStamp: Equatable {
    private let seconds: Int
    private let nanoseconds: Int
    private let size: Int
    private let inode: UInt

    /// Nil where there is no such file, or something else that bears its name: to read a pipe may take for ever.
    init?(_ path: String) {
        var information = stat()
        guard unsafe stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
        seconds = information.st_mtim.tv_sec
        nanoseconds = information.st_mtim.tv_nsec
        size = Int(information.st_size)
        inode = UInt(information.st_ino)
    }
}
