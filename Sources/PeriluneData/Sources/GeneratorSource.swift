import Glibc

/// The closure behind a generator data set, and the thread that may call it.
///
/// Sendable though its closure may not be: a confined source was made with a closure of one thread, and refuses to call
/// it on any other; one that is not confined was made with a Sendable closure.
final class GeneratorSource: @unchecked Sendable {
    let yields: GeneratorYield
    private let makePasses: () throws -> ExamplePasses
    private let owner: pthread_t?

    init(yields: GeneratorYield, isConfined: Bool, makePasses: @escaping () throws -> ExamplePasses) {
        self.yields = yields
        self.makePasses = makePasses
        owner = isConfined ? pthread_self() : nil
    }

    /// Begins a use of the generator: what gives a new iterator for each pass.
    ///
    /// - Throws: `DataError` on a thread that may not call the closure; what the closure throws.
    func open() throws -> ExamplePasses {
        try checkThread()
        return try makePasses()
    }

    func checkThread() throws {
        guard owner == nil || owner == pthread_self() else {
            throw DataError(.generator, "the generator belongs to another thread than the one that takes batches")
        }
    }
}
