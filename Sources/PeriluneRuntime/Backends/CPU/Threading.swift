/// From which amount of work more threads are used: about 15 microseconds of it. Calling a second thread takes half a
/// microsecond where it is awake, but a program that never does so leaves the other processor to other programs.
enum Threading {
    /// Floating-point operations of a matrix product.
    static let smallestProduct = 1_000_000
    /// Element operations of a fused loop.
    static let smallestLoop = 600_000
    /// Elements moved or transformed by a kernel.
    static let smallestKernel = 60_000

    /// The least work of a kind that several threads share. In the step of a loop they are awake, so that an eighth is
    /// worth their while.
    static func smallest(_ work: Int, isLoopStep: Bool) -> Int { isLoopStep ? work / 8 : work }
}
