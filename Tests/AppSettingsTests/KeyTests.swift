import AppSettings
import Foundation
import ProviderCore
import Testing

@Suite struct KeyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func key(_ line: String, _ environment: [String: String] = [:]) throws -> String? {
        let text = "[profiles.p]\nbase_url = 'https://x.example/v1'\n\(line)"
        let settings = try Settings.parse(text).settings
        let found = try EndpointResolver(
            environment: ["HOME": folder.path].merging(environment) { $1 }, settings: settings
        )
        .resolve(baseURL: nil, profile: "p", demo: false)
        guard case .endpoint(let endpoint) = found else { return nil }
        return endpoint.key?.exposed()
    }

    private func failure(_ line: String) -> String {
        let error = #expect(throws: EndpointError.self) { try key(line) }
        return error?.description ?? ""
    }

    @Test func files() throws {
        let good = try folder.write("good", "  sk-from-file\n", mode: 0o600)
        #expect(try key("key_file = '\(good)'") == "sk-from-file")
        #expect(try key("key_file = '~/good'") == "sk-from-file")
        let open = try folder.write("open", "sk-x", mode: 0o640)
        #expect(failure("key_file = '\(open)'").contains("can be read by others; run: chmod 600"))
        try folder.write("two", "sk-1\nsk-2\n", mode: 0o600)
        #expect(failure("key_file = '~/two'").contains("holds no key of one line"))
        try folder.write("none", "\n", mode: 0o600)
        #expect(failure("key_file = '~/none'").contains("holds no key"))
        #expect(failure("key_file = '~/missing'").contains("there is no such file"))
        #expect(failure("key_file = 'relative'").contains("absolute path"))
        #expect(failure("key_file = '/dev/zero'").contains("is not a regular file"))
        #expect(failure("key_file = '\(folder.path)'").contains("is not a regular file"))
        #expect(!failure("key_file = '~/two'").contains("sk-1"))
    }

    @Test(arguments: [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false), (0o601, false)])
    func onlyTheOwnerMayTouchAKeyFile(mode: Int, isFine: Bool) throws {
        let file = try folder.write("key", "sk-hunter22", mode: mode)
        if isFine {
            #expect(try key("key_file = '\(file)'") == "sk-hunter22")
        } else {
            let message = failure("key_file = '\(file)'")
            #expect(message.contains("can be read by others; run: chmod 600"))
            #expect(!message.contains("hunter22"))
        }
    }

    @Test func linksAndPipesAreNotFollowed() throws {
        try folder.write("target", "sk-hunter22", mode: 0o600)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link", withDestinationPath: folder.path + "/target")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/loop", withDestinationPath: folder.path + "/loop")
        #expect(failure("key_file = '~/link'").contains("is a symbolic link"))
        #expect(failure("key_file = '~/loop'").contains("is a symbolic link"))
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        #expect(failure("key_file = '~/pipe'").contains("is not a regular file"))
    }

    @Test func othersFilesAreRefused() throws {
        // Only root can give a file away, and only root can be asked here.
        guard geteuid() == 0 else { return }
        let file = try folder.write("foreign", "sk-hunter22", mode: 0o600)
        #expect(chown(file, 12_345, 12_345) == 0)
        #expect(failure("key_file = '\(file)'").contains("belongs to another user"))
    }

    @Test func mistakesNameTheLineOfTheSetting() throws {
        let text = "[profiles.p]\nbase_url = 'https://x.example/v1'\n\nkey_file = '~/missing'"
        let settings = try Settings.parse(text, file: "config.toml").settings
        let resolver = EndpointResolver(environment: ["HOME": folder.path], settings: settings)
        let error = #expect(throws: EndpointError.self) {
            try resolver.resolve(baseURL: nil, profile: "p", demo: false)
        }
        #expect(error?.description.hasPrefix("config.toml:4: the key of profile p: key_file") == true)
    }

    @Test func commands() throws {
        let environment = ["PATH": "/usr/bin:/bin", "OPENAI_API_KEY": "sk-env", "OTHER": "kept"]
        #expect(try key("key_command = ['printf', 'sk-%s', 'one two']") == "sk-one two")
        #expect(try key("key_command = \"printf %s 'sk-$(id);x'\"") == "sk-$(id);x")
        // A child gets the environment, but not the key in it; and nothing to read.
        #expect(
            try key("key_command = ['sh', '-c', 'echo ${OPENAI_API_KEY-none}-$OTHER; cat']", environment) == "none-kept"
        )
        #expect(
            try key(
                "key_command = ['sh', '-c', 'echo ${OTHER_KEY-none}']\n[profiles.q]\nkey_env = 'OTHER_KEY'",
                ["PATH": "/usr/bin:/bin", "OTHER_KEY": "sk-other"]) == "none")
        #expect(
            failure("key_command = ['sh', '-c', 'echo sk-x; exit 3']").contains(
                "key_command sh: ended with exit code 3"))
        #expect(failure("key_command = ['sh', '-c', 'kill -9 $$']").contains("signal 9"))
        #expect(failure("key_command = ['no-such-program-here']").contains("No such file"))
        #expect(failure("key_command = ['true']").contains("holds no key"))
        #expect(failure("key_command = ['head', '-c', '70000', '/dev/zero']").contains("64 KiB"))
        #expect(!failure("key_command = ['sh', '-c', 'echo sk-secret; exit 1']").contains("secret"))
    }
}
