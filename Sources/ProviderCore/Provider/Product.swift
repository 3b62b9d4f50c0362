/// The name and version under which the product presents itself.
public enum Product {
    /// The name, as typed.
    public static let name = "tickertape"
    /// The version (semantic versioning).
    public static let version = "0.1.0"
    /// What requests carry in `User-Agent`.
    public static let userAgent = "\(name)/\(version)"
}
