import CCurlBridge
import Glibc

extension HTTPPost {
    /// What went wrong.
    struct Failure: Error, CustomStringConvertible {
        let description: String
        /// Whether another attempt would go no better.
        let isLasting: Bool

        init(_ description: String, isLasting: Bool = false) {
            (self.description, self.isLasting) = (description, isLasting)
        }
    }

    /// How a request failed; nil where it did not.
    func failure(_ answer: perilune_http_answer, _ text: String, location: String) -> Failure? {
        switch answer.outcome {
        case PERILUNE_HTTP_ANSWERED: refusal(Int(answer.status), text, location: location)
        case PERILUNE_HTTP_NO_ADDRESS: Failure("found no address of a host '\(host)'")
        case PERILUNE_HTTP_UNREACHABLE:
            Failure(
                "cannot reach \(place): "
                    + (answer.system_error == 0 ? text : unsafe String(cString: strerror(answer.system_error))))
        case PERILUNE_HTTP_TIMED_OUT: Failure("\(place) did not answer in time")
        case PERILUNE_HTTP_NO_ANSWER: Failure("\(place) closed the connection without an answer")
        case PERILUNE_HTTP_NOT_HTTP: Failure("\(place) does not answer in HTTP")
        case PERILUNE_HTTP_NO_TLS: Failure("\(place) and this machine found no way to speak TLS: \(text)")
        case PERILUNE_HTTP_UNTRUSTED:
            Failure(
                "\(place) is not to be trusted: \(text); 'verify' can name a file of certificates to trust",
                isLasting: true)
        case PERILUNE_HTTP_NO_AUTHORITIES:
            Failure("no certificates to check \(place) with: \(text)", isLasting: true)
        case _: Failure("\(place): \(text)")
        }
    }

    /// What an answer of the server's says against the message.
    private func refusal(_ status: Int, _ text: String, location: String) -> Failure? {
        guard !(200..<300).contains(status) else { return nil }
        let hint = location.isEmpty ? "" : " (redirects are not followed; this one leads to \(location))"
        // What the server says of this request it will say again; of its own troubles it may not.
        return Failure("\(place) answered \(text)\(hint)", isLasting: status < 500 && status != 408 && status != 429)
    }
}
