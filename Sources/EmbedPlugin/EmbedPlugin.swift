import Foundation
import PackagePlugin

/// Makes each data file of a target a Swift constant, so that the program needs no file beside it.
///
/// Embedded are the files in the target's own `Embedded` folder and, for `AppSettings`, the theme files of `Themes`
/// at the top of the package. The result is one dictionary, `embeddedFiles`: file name to text.
@main
struct EmbedPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let module = target as? any SourceModuleTarget else { return [] }
        let own = module.directoryURL.appending(path: "Embedded")
        let folder = module.name == "AppSettings" ? context.package.directoryURL.appending(path: "Themes") : own
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { !$0.lastPathComponent.hasPrefix(".") }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
        return [
            .buildCommand(
                displayName: "Embedding \(files.count) files into \(module.name)",
                executable: URL(filePath: "/bin/sh"),
                arguments: ["-c", script, "embed", output.path] + files.map(\.path),
                inputFiles: files, outputFiles: [output])
        ]
    }

    /// Raw string literals with five pound signs hold any text that does not contain `"""#####`.
    private var script: String {
        """
        out=$1; shift
        {
          echo '/// Data files of this target, by file name, as they were at build time.'
          echo 'let embeddedFiles: [String: StaticString] = ['
          for f in "$@"; do
            printf '%s: #####\"""\\n' "\\"${f##*/}\\""
            cat "$f"
            printf '\\n\"""#####,\\n'
          done
          [ $# -eq 0 ] && echo ':'
          echo ']'
        } > "$out"
        """
    }
}
