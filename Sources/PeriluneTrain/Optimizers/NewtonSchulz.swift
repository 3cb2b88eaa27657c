import PeriluneGraph

/// The iteration `X ← aX + (bA + cA²)X` with `A = XXᵀ`, from a matrix scaled to a norm of 1: it brings all singular
/// values near 1 (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/).
struct NewtonSchulz {
    let steps: Int
    let a: SymbolicTensor
    let b: SymbolicTensor
    let c: SymbolicTensor

    /// The nearest orthogonal matrix of `matrix` [rows, columns], roughly. Works on the side with the fewer rows.
    func orthogonalized(_ matrix: SymbolicTensor) throws -> SymbolicTensor {
        let isTall = matrix.shape[-2] > matrix.shape[-1]
        var x = isTall ? try matrix.transposed([1, 0]) : matrix
        x = try x / (x.squared().sum().squareRoot() + 1e-7)
        for _ in 0..<steps {
            let product = try x.matmul(x, transposeB: true)
            let mixed = try product * b + (product * c).matmul(product)
            x = try x * a + mixed.matmul(x)
        }
        return isTall ? try x.transposed([1, 0]) : x
    }
}
