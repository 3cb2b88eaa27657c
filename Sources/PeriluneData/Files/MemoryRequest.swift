/// Asked before a reader takes so many bytes of memory at once; throws where they are not to be had.
///
/// A small file may unpack to a large one, so what a file takes is known only as it is read.
public typealias MemoryRequest = (_ byteCount: Int) throws -> Void
