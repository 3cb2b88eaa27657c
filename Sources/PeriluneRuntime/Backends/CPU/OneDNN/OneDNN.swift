internal import COneDNN

/// The C library of kernels. Everything that calls it is in this folder, because its interface changes with 3.x.
enum OneDNN {
    /// The process's CPU engine, made when the first program needs it.
    ///
    /// An engine may be used from any thread at once.
    nonisolated(unsafe) static let engine: Result<dnnl_engine_t, RuntimeError> = {
        var engine: dnnl_engine_t?
        let status = unsafe dnnl_engine_create(&engine, dnnl_cpu, 0)
        guard status == dnnl_success, let engine = unsafe engine else {
            return unsafe .failure(RuntimeError(.kernelRefused, "oneDNN has no CPU engine (status \(status.rawValue))"))
        }
        return unsafe .success(engine)
    }()

    /// - Throws: `RuntimeError` naming `what`, where the library says no.
    static func check(_ status: dnnl_status_t, _ what: @autoclosure () -> String) throws(RuntimeError) {
        guard status == dnnl_success else {
            let code: RuntimeError.Code = status == dnnl_out_of_memory ? .outOfMemory : .kernelRefused
            throw RuntimeError(code, "oneDNN refuses \(what()) (status \(status.rawValue))")
        }
    }
}
