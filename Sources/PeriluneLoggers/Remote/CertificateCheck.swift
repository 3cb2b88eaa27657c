/// Whom a server that speaks https has to be certified by.
public enum CertificateCheck: Hashable, Sendable {
    /// One of the authorities that this system trusts.
    case system
    /// One of those in a file of certificates in PEM form, which may be the server's own.
    case authorities(path: String)
    /// No one: a machine in between can read what is sent, and take it.
    case none
}
