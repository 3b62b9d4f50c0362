import Foundation

/// The folder in which the program was started.
enum WorkingFolder {
    /// Its absolute path.
    static var path: String { FileManager.default.currentDirectoryPath }
}
