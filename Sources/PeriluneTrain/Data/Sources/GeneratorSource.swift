import Glibc

/// The closure behind a generator data set, and the thread that may call it.
///
/// Sendable though its closure may not be: a confined source was made with a closure of one thread, and refuses to call
/// it on any other; one that is not confined was made with a Sendable closure.
final class GeneratorSource: @unchecked Sendable {
    let yields: GeneratorYield
    private let makeIterator: () throws -> ExampleIterator
    private let owner: pthread_t?

    init(yields: GeneratorYield, isConfined: Bool, makeIterator: @escaping () throws -> ExampleIterator) {
        self.yields = yields
        self.makeIterator = makeIterator
        owner = isConfined ? pthread_self() : nil
    }

    /// A new iterator, at the beginning.
    ///
    /// - Throws: `DataError` on a thread that may not call the closure; what the closure throws.
    func begin() throws -> ExampleIterator {
        try checkThread()
        return try makeIterator()
    }

    func checkThread() throws {
        guard owner == nil || owner == pthread_self() else {
            throw DataError(.generator, "the generator belongs to another thread than the one that takes batches")
        }
    }
}
